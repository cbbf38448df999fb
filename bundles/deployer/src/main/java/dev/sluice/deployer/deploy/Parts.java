package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.deployed.Absences;
import dev.sluice.deployer.deployed.Awaited;
import dev.sluice.deployer.deployed.FirstStart;
import dev.sluice.deployer.deployed.Reservations;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.deployed.Wishes;
import dev.sluice.deployer.folder.DeployFolder;
import dev.sluice.deployer.integrity.DowngradeCheck;
import dev.sluice.deployer.leaving.InUse;
import dev.sluice.deployer.leaving.Release;
import dev.sluice.deployer.leaving.Witness;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.status.Attempts;
import dev.sluice.deployer.status.Board;
import dev.sluice.deployer.store.Store;
import dev.sluice.deployer.trial.Installation;
import dev.sluice.deployer.trial.Trials;
import java.time.Clock;

/** What the steps of a deployment work with; made once, when the deployer starts. */
public record Parts(
        ChainControl chain,
        DeployFolder folder,
        Store store,
        Ledger ledger,
        TrialLog trialLog,
        Board board,
        Attempts attempts,
        Roster roster,
        Reservations reservations,
        Awaited awaited,
        FirstStart firstStart,
        Installation installation,
        Trials trials,
        InUse inUse,
        Witness witness,
        Absences absences,
        Release release,
        Wishes wishes,
        Rollouts rollouts,
        Lately lately,
        DowngradeCheck downgrades,
        Clock clock) {
    /**
     * {@return whether the deployer or the whole container is going away} Nothing is published any more then: it would run
     * for moments, and the next start would bring it back before it compares the folder.
     */
    public boolean isGoingAway() {
        return trials.isClosed() || installation.isStopping();
    }
}

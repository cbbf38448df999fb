package dev.sluice.deployer.service;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.deploy.Lately;
import dev.sluice.deployer.deploy.Parts;
import dev.sluice.deployer.deploy.Rollouts;
import dev.sluice.deployer.deployed.Absences;
import dev.sluice.deployer.deployed.Awaited;
import dev.sluice.deployer.deployed.FirstStart;
import dev.sluice.deployer.deployed.Reservations;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.deployed.Wishes;
import dev.sluice.deployer.explain.Unsatisfied;
import dev.sluice.deployer.folder.DeployFolder;
import dev.sluice.deployer.integrity.DowngradeCheck;
import dev.sluice.deployer.leaving.Disposal;
import dev.sluice.deployer.leaving.InUse;
import dev.sluice.deployer.leaving.Leaver;
import dev.sluice.deployer.leaving.Release;
import dev.sluice.deployer.leaving.Witness;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.status.Attempts;
import dev.sluice.deployer.status.Board;
import dev.sluice.deployer.store.Store;
import dev.sluice.deployer.trial.Installation;
import dev.sluice.deployer.trial.Trials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the parts that a deployer works with, from what it finds around it: here stands which of them knows which. What is
 * done with them, and when, is for {@link DeployerRun}.
 */
final class Assembly {

    private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

    private final BundleContext context;
    private final ChainControl chain;
    private final Supplier<Settings> settings;
    private final Consumer<String> lookAgain;
    private final Clock clock = Clock.systemUTC();

    /** @param lookAgain has the watch hand over a file once more, as if it were new; for any thread */
    Assembly(BundleContext context, ChainControl chain, Supplier<Settings> settings, Consumer<String> lookAgain) {
        this.context = context;
        this.chain = chain;
        this.settings = settings;
        this.lookAgain = lookAgain;
    }

    /**
     * Makes them, and reads what the data directory tells of the past.
     *
     * @param policies how what comes is rolled out
     * @param observers hears of each edge of a rollout; must not wait
     * @throws IOException if the data directory can't be used
     */
    Parts parts(
            Path deployDirectory,
            Path dataDirectory,
            ServiceComponentRuntime components,
            Pace pace,
            Policies policies,
            Consumer<RolloutEvent> observers)
            throws IOException {
        Store store = new Store(dataDirectory.resolve("store"));
        DeployFolder folder = new DeployFolder(deployDirectory, dataDirectory.resolve("deploy-id"));
        Board board = new Board(deployDirectory, clock);
        Ledger ledger = Ledger.open(
                dataDirectory.resolve("ledger"), () -> settings.get().history(), warning -> {
                    LOG.warn("{}", warning);
                    board.alarm("ledger:" + warning, warning);
                });
        TrialLog trialLog = new TrialLog(dataDirectory.resolve("trials"));
        Attempts attempts = new Attempts(board);
        // With the framework's own context: what hangs may have to be taken away when the deployer's is gone.
        Witness witness = new Witness(ledger, clock);
        Disposal disposal =
                new Disposal(context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext(), witness);
        InUse inUse = new InUse(context);
        Release release = new Release(
                context,
                chain,
                disposal,
                inUse,
                witness,
                () -> settings.get().retireTimeout(),
                leaver -> released(leaver, ledger));
        Reservations reservations = new Reservations(chain, ledger, clock);
        Installation installation = new Installation(context, chain, disposal, release::left);
        Unsatisfied unsatisfied = new Unsatisfied(() -> Optional.of(components));
        Roster roster = new Roster();
        return new Parts(
                chain,
                folder,
                store,
                ledger,
                trialLog,
                board,
                attempts,
                roster,
                reservations,
                new Awaited(context, lookAgain),
                new FirstStart(
                        chain,
                        board,
                        attempts,
                        reservations,
                        () -> settings.get().openOnFailure(),
                        installation::isStopping),
                installation,
                new Trials(
                        context, () -> settings.get().startTimeout(), pace.trials(), unsatisfied, disposal, trialLog),
                inUse,
                witness,
                new Absences(context, chain, unsatisfied),
                release,
                new Wishes(board, attempts, lookAgain),
                new Rollouts(roster, clock, pace.nanos(), policies, observers),
                new Lately(chain::ownFigures, pace.nanos()),
                new DowngradeCheck(
                        new Published(ledger), () -> settings.get().integrity().refuseDowngrade()),
                clock);
    }

    /** What was kept in the ledger for those that were wired to it isn't needed any more. */
    private void released(Leaver leaver, Ledger ledger) {
        leaver.lingersAs().filter(ledger.state().published()::containsKey).ifPresent(name -> {
            try {
                ledger.append(
                        new LedgerRecord.Published(clock.instant(), Cause.FILE, "released", List.of(), List.of(name)));
            } catch (IOException e) {
                LOG.error("The release of {} can't be written to the ledger: {}", name, e.toString());
            }
        });
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.rollout.Decision;
import dev.sluice.deployer.rollout.StepEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How rollouts end: the candidate leaves in the publish by which the old version has all requests again, or the old version
 * leaves. Each is an ordinary change, written to the ledger before it is published. Confined to the deployer's thread.
 */
final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    private final Parts parts;
    private final Rollouts rollouts;
    private final Departures departures;
    private final Publication publication;
    private final Turnover turnover;
    private final Failures failures;

    Endings(Parts parts) {
        this.parts = parts;
        this.rollouts = parts.rollouts();
        this.departures = new Departures(parts.roster(), parts.inUse(), parts.absences()::now);
        this.publication = new Publication(parts.chain(), parts.ledger(), rollouts, parts.clock());
        this.turnover = new Turnover(parts);
        this.failures = new Failures(parts);
    }

    /**
     * The candidate leaves, and the old version stands for what it stood for before.
     *
     * @throws IOException if the ledger can't be written: nothing has changed
     */
    void takeBack(Rolling rolling, Decision.TakeBack decision, Cause cause) throws IOException {
        Deployed candidate = rollouts.candidate(rolling).orElseThrow();
        Deployed beside = rollouts.beside(rolling).orElseThrow();
        String words = "take " + rolling.file() + " back to " + beside.title() + ": " + decision.reason();
        String why = "its rollout was taken back: " + decision.reason();
        // What the file has now has its own to say.
        boolean isToldOf = decision.cause() != StepEnd.REPLACED;
        boolean isAlarm = isAlarm(decision.cause(), cause);
        if (isToldOf) {
            // Before the move itself: the next start must not roll it out again.
            parts.trialLog()
                    .takenBack(
                            candidate.sha256(),
                            rolling.file(),
                            why,
                            isAlarm,
                            parts.clock().instant());
        }
        rolling.share(0);
        Optional<RolloutView> view = rollouts.view(rolling);
        List<Change.Move> moves = rolling.isOfOneFile() ? List.of(Change.Move.back(beside, rolling.file())) : List.of();
        publish(rolling, List.of(candidate), moves, new Motive(cause, Optional.of(words)));
        LOG.warn("{}", words);
        if (isToldOf) {
            tell(rolling, candidate, why + TrialLog.AGAIN, isAlarm);
        }
        rollouts.show();
        rollouts.tell(RolloutEvent.Kind.TAKEN_BACK, words, view);
    }

    /** Nobody need be woken for what an operator did, by hand or by putting a higher version there. */
    private static boolean isAlarm(StepEnd end, Cause cause) {
        return end == StepEnd.BREACHED || end == StepEnd.ABORTED && cause != Cause.OPERATOR;
    }

    /**
     * The candidate stays. The old version leaves, or is a standby if it has a file of its own.
     *
     * @throws IOException if the ledger can't be written: nothing has changed
     */
    void finish(Rolling rolling, Cause cause) throws IOException {
        Deployed candidate = rollouts.candidate(rolling).orElseThrow();
        String words = "the rollout of " + candidate.title() + " (" + rolling.file() + ") is over";
        Optional<RolloutView> view = rollouts.view(rolling);
        if (rolling.isOfOneFile()) {
            Deployed beside = rollouts.beside(rolling).orElseThrow();
            publish(rolling, List.of(beside), List.of(), new Motive(cause, Optional.of(words)));
        } else {
            // Nothing comes or goes: it is for the history.
            if (!rolling.isEndWritten()) {
                parts.ledger()
                        .append(new LedgerRecord.Published(
                                parts.clock().instant(), cause, words, List.of(), List.of()));
                rolling.endWritten();
            }
            rollouts.remove(rolling);
            try {
                parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), words);
            } catch (RuntimeException e) {
                // It is tried again at the next look.
                rollouts.add(rolling);
                throw e;
            }
            forget(rolling);
        }
        LOG.info("{}", words);
        parts.board().calm(alarm(rolling.file()));
        rollouts.show();
        rollouts.tell(RolloutEvent.Kind.DONE, words, view);
    }

    private void publish(Rolling rolling, List<Deployed> leaving, List<Change.Move> moves, Motive motive)
            throws IOException {
        Change change = new Change(List.of(), leaving, moves, departures.lingering(leaving), motive);
        // Nothing of it is shared from this publish on.
        rollouts.remove(rolling);
        try {
            publication.publish(change, parts.ledger().state().decisions());
        } catch (IOException | RuntimeException e) {
            rollouts.add(rolling);
            throw e;
        }
        turnover.done(change, Set.of(), List.of());
        forget(rolling);
    }

    /** As of a failed trial: status, log and marker say the same; newer content of the file has its own to say. */
    private void tell(Rolling rolling, Deployed candidate, String why, boolean isAlarm) {
        String file = rolling.file();
        Artifact artifact = Recalled.of(
                candidate.artifact(), parts.store().find(candidate.sha256()).orElse(Path.of(file)));
        if (parts.attempts().find(file).isEmpty()) {
            parts.attempts()
                    .at(file)
                    .identified(
                            artifact.sha256(), artifact.symbolicName(), artifact.version(), artifact.declaredNames());
            failures.failSinceTakenBack(artifact, why);
        }
        if (isAlarm) {
            parts.board().alarm(alarm(file), file + ": " + why);
        }
    }

    void forget(Rolling rolling) {
        forget(rolling.file());
    }

    /** Its end needn't be known for sure: what isn't published any more isn't taken up either, nor what is done. */
    void forget(String file) {
        parts.board().calm(Stepping.pauseAlarm(file));
        parts.board().calm(Stepping.stepAlarm(file));
        parts.awaited().rolledOut();
        try {
            parts.ledger().append(new LedgerRecord.RolloutOver(parts.clock().instant(), file));
        } catch (IOException e) {
            LOG.warn("That the rollout of {} is over can't be written down: {}", file, e.toString());
        }
    }

    /** {@return the key of the alarm about a file's rollout} */
    static String alarm(String file) {
        return "rollout:" + file;
    }
}

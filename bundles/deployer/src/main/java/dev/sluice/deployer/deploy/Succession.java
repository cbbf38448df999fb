package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.trial.Candidate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What else happens to files, and what it means for rollouts: they make way for what is newer, begin with the publish of a
 * candidate, end with what leaves, and are taken up again after a restart. Confined to the deployer's thread; before it
 * starts, to the one that brings back what was published.
 */
public final class Succession {

    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);

    private final Parts parts;
    private final Rollouts rollouts;
    private final Stepping stepping;
    private final Endings endings;

    /** Without anything under way yet. */
    public Succession(Parts parts) {
        this(parts, new Stepping(parts));
    }

    Succession(Parts parts, Stepping stepping) {
        this.parts = parts;
        this.rollouts = parts.rollouts();
        this.stepping = stepping;
        this.endings = new Endings(parts);
    }

    /**
     * Before candidates are published: those that they supersede end, each by a publish of its own.
     *
     * @return the candidates for which there is no way yet, as that couldn't be written down
     */
    Map<Candidate, Failure> makeWay(List<Candidate> candidates) {
        Map<Candidate, Failure> barred = new LinkedHashMap<>();
        if (parts.isGoingAway()) {
            return barred;
        }
        for (Candidate candidate : candidates) {
            for (Rolling rolling : rollouts.all()) {
                if (supersedes(candidate, rolling) && !makesWay(rolling, candidate)) {
                    barred.put(
                            candidate,
                            Failure.ofDisk("the rollout before it can't be ended, as the ledger can't be written: look"
                                    + " at the disk of the data directory"));
                }
            }
        }
        return barred;
    }

    private boolean makesWay(Rolling rolling, Candidate candidate) {
        String newer = candidate.artifact().symbolicName() + " "
                + candidate.artifact().version() + " (" + candidate.file() + ")";
        boolean inItsFile = candidate.file().equals(rolling.file());
        if (rolling.pending().isEmpty()) {
            stepping.taken(rolling, rolling.rollout().supersede(newer, inItsFile), Cause.ROLLOUT);
        } else {
            stepping.carryOut(rolling);
        }
        // What was pending may have been less than its end: that is tried with the candidate once more.
        return rollouts.find(rolling.file()).filter(rolling::equals).isEmpty();
    }

    private boolean supersedes(Candidate candidate, Rolling rolling) {
        if (candidate.file().equals(rolling.file())) {
            // What an operator goes back to takes the place of both with its own publish: nothing is to come between.
            return candidate.artifact().rolledBack().isEmpty();
        }
        return candidate.artifact().symbolicName().equals(rolling.symbolicName())
                && rollouts.candidate(rolling)
                        .filter(now -> Version.parseVersion(now.artifact().version())
                                        .compareTo(Version.parseVersion(
                                                candidate.artifact().version()))
                                < 0)
                        .isPresent();
    }

    /** A file is to have the content again that stays beside its candidate: there is nothing to deploy. */
    void revert(Artifact artifact, Cause cause) {
        String reason = artifact.rolledBack()
                .map(decision -> decision.who() + " has rolled the file back")
                .orElse("the file has its earlier content again");
        rollouts.find(artifact.file())
                .filter(rolling -> rolling.isOfOneFile() && rolling.beside().equals(artifact.sha256()))
                .ifPresent(rolling -> stepping.taken(rolling, rolling.rollout().revert(reason), cause));
    }

    /** A change was published. */
    void published(Change change, Set<Candidate> refused) {
        List<Rolling> ended = rollouts.published(change, refused);
        ended.forEach(rolling -> gone(rolling, change));
        change.moves().stream()
                .filter(move -> move.why() == Change.Move.Why.RENAMED)
                .map(move -> move.deployed().file())
                .filter(parts.ledger().state().rollouts()::containsKey)
                .filter(file -> rollouts.find(file).isEmpty())
                .forEach(endings::forget);
        change.moves().stream()
                .filter(move -> move.why() == Change.Move.Why.RENAMED)
                .flatMap(move -> parts.roster().find(move.file()).stream())
                .forEach(this::alarmIfTakenBack);
        rollouts.all().forEach(this::said);
        rollouts.show();
        change.begins().stream()
                .filter(beginning -> !refused.contains(beginning.candidate()))
                .map(beginning -> rollouts.find(beginning.candidate().file()))
                .flatMap(Optional::stream)
                .forEach(this::begun);
        if (!refused.isEmpty() || !ended.isEmpty()) {
            parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), "what is left of rollouts");
        }
    }

    /** What it was about has left. */
    private void gone(Rolling rolling, Change change) {
        boolean isRolledBack =
                change.added().stream().anyMatch(candidate -> candidate.file().equals(rolling.file()));
        String words = "the rollout of " + rolling.symbolicName() + " (" + rolling.file() + ") is over, as "
                + (isRolledBack ? "an operator has rolled the file back" : "a file of the two has gone");
        LOG.info("{}", words);
        rolling.lastView().ifPresent(view -> rollouts.tell(RolloutEvent.Kind.GONE, words, Optional.of(view)));
        endings.forget(rolling);
    }

    /** Under the names that the files have now. */
    private void said(Rolling rolling) {
        if (rolling.isOfOneFile()) {
            rollouts.beside(rolling).ifPresent(beside -> beside.entry().remark(Turnover.besideMessage(rolling.file())));
        }
        stepping.alarmIfPaused(rolling);
    }

    /** What a release had was taken back by itself: an alarm until somebody does something about it, over restarts too. */
    private void alarmIfTakenBack(Deployed deployed) {
        Optional<RolledBack> byItself = deployed.artifact()
                .rolledBack()
                .filter(decision -> decision.operator().isEmpty())
                .filter(decision -> !deployed.artifact().isMember());
        byItself.ifPresent(decision -> parts.board()
                .alarm(
                        Endings.alarm(deployed.file()),
                        deployed.file() + ": "
                                + parts.trialLog()
                                        .takenBack(decision.from())
                                        .orElse("its release was taken back, as it failed outright")
                                + "; " + ReleaseGuards.remedy(deployed.file())));
    }

    private void begun(Rolling rolling) {
        stepping.countFrom(rolling, true);
        String words = "the rollout of " + stepping.words(rolling) + " has begun with "
                + Stepping.percent(rolling.share()) + " of the requests";
        LOG.info("{}", words);
        parts.board().calm(Endings.alarm(rolling.file()));
        rollouts.tell(RolloutEvent.Kind.BEGUN, words, rollouts.view(rolling));
    }

    /** What was published is back: rollouts go on where they were, and what had ended when the process did is finished. */
    public void restored() {
        for (LedgerRecord.RollingOut record : parts.ledger().state().rollouts().values()) {
            if (rollouts.find(record.file()).isEmpty()) {
                endings.forget(record.file());
            }
        }
        for (Rolling rolling : rollouts.all()) {
            if (rollouts.candidate(rolling).isEmpty()
                    || rollouts.beside(rolling).isEmpty()) {
                rollouts.remove(rolling);
                endings.forget(rolling);
                continue;
            }
            said(rolling);
            if (rolling.rollout().state().isOver()) {
                rolling.pending(rolling.rollout().first(), Cause.ROLLOUT);
                stepping.carryOut(rolling);
            }
        }
        if (!rollouts.all().isEmpty()) {
            parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), "rollouts go on");
            rollouts.all().forEach(rolling -> stepping.countFrom(rolling, false));
        }
        parts.roster().all().forEach(this::alarmIfTakenBack);
        rollouts.show();
    }
}

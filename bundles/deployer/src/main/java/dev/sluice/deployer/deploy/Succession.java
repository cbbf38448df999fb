package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.rollout.Decision;
import dev.sluice.deployer.rollout.StepEnd;
import java.util.List;
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

    /** Before candidates are published: those that they supersede end, each by a publish of its own. */
    void makeWay(List<Candidate> candidates) {
        if (parts.isGoingAway()) {
            return;
        }
        for (Candidate candidate : candidates) {
            for (Rolling rolling : rollouts.all()) {
                if (supersedes(candidate, rolling)) {
                    String newer = candidate.artifact().symbolicName() + " "
                            + candidate.artifact().version() + " (" + candidate.file() + ")";
                    stepping.taken(rolling, rolling.rollout().supersede(newer), Cause.ROLLOUT);
                }
            }
        }
    }

    private boolean supersedes(Candidate candidate, Rolling rolling) {
        if (candidate.file().equals(rolling.file()) || candidate.file().equals(rolling.besideFile())) {
            return true;
        }
        return candidate.artifact().symbolicName().equals(rolling.symbolicName())
                && rollouts.candidate(rolling)
                        .filter(now -> Version.parseVersion(now.artifact().version())
                                        .compareTo(Version.parseVersion(
                                                candidate.artifact().version()))
                                < 0)
                        .isPresent();
    }

    /** A file has the content again that stays beside its candidate: there is nothing to deploy. */
    void revert(String file, String sha256) {
        rollouts.find(file)
                .filter(rolling -> rolling.isOfOneFile() && rolling.beside().equals(sha256))
                .ifPresent(rolling -> {
                    rolling.pending(
                            new Decision.TakeBack(StepEnd.SUPERSEDED, "the file has its earlier content again"),
                            Cause.FILE);
                    rolling.rollout().abort("the file has its earlier content again");
                    stepping.carryOut(rolling);
                });
    }

    /** A change was published. */
    void published(Change change, Set<Candidate> refused) {
        List<Rolling> ended = rollouts.published(change, refused);
        ended.forEach(endings::forget);
        change.moves().stream()
                .filter(move -> move.why() == Change.Move.Why.RENAMED)
                .map(move -> move.deployed().file())
                .filter(parts.ledger().state().rollouts()::containsKey)
                .filter(file -> rollouts.find(file).isEmpty())
                .forEach(endings::forget);
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

    private void begun(Rolling rolling) {
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
            if (rolling.isOfOneFile()) {
                rollouts.beside(rolling).orElseThrow().entry().remark(Turnover.besideMessage(rolling.file()));
            }
            Stepping.alarmIfPaused(parts, rolling);
            if (rolling.rollout().state().isOver()) {
                rolling.pending(rolling.rollout().first(), Cause.ROLLOUT);
                stepping.carryOut(rolling);
            }
        }
        if (!rollouts.all().isEmpty()) {
            parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), "rollouts go on");
        }
        rollouts.show();
    }
}

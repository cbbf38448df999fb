package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.rollout.Answer;
import dev.sluice.deployer.rollout.Decision;
import dev.sluice.deployer.rollout.judge.Arms;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has rollouts go on: looks at what the versions have done, and carries out what is decided, each decision before the next
 * look. What couldn't be carried out, as the ledger couldn't be written or the chain is away, is tried again at the next look.
 * Confined to the deployer's thread.
 */
final class Stepping {

    private static final Logger LOG = LoggerFactory.getLogger(Stepping.class);

    private final Parts parts;
    private final Rollouts rollouts;
    private final Endings endings;

    Stepping(Parts parts) {
        this.parts = parts;
        this.rollouts = parts.rollouts();
        this.endings = new Endings(parts);
    }

    /** Looks at all of them. To be called every second or so. */
    void tick() {
        if (parts.isGoingAway() || rollouts.all().isEmpty()) {
            return;
        }
        Predicate<Deployed> isAway = parts.absences().now();
        rollouts.all().forEach(rolling -> guarded(rolling, isAway));
        rollouts.show();
    }

    /** One that can't go on keeps none of the others. */
    private void guarded(Rolling rolling, Predicate<Deployed> isAway) {
        try {
            tick(rolling, isAway);
            if (rolling.pending().isEmpty()) {
                parts.board().calm(stepAlarm(rolling.file()));
                rolling.isDelayed(false);
            }
        } catch (RuntimeException e) {
            hindered(rolling, e);
        }
    }

    private void hindered(Rolling rolling, RuntimeException cause) {
        if (parts.isGoingAway()) {
            return;
        }
        delayed(
                rolling,
                stepAlarm(rolling.file()),
                "The rollout of " + rolling.file() + " doesn't go on: " + cause + "; it is tried again every second");
    }

    /** Said once: what is tried every second would fill the log, and with it a disk that is full already. */
    private void delayed(Rolling rolling, String alarm, String message) {
        if (!rolling.isDelayed()) {
            LOG.error("{}", message);
        }
        rolling.isDelayed(true);
        parts.board().alarm(alarm, message);
    }

    private void tick(Rolling rolling, Predicate<Deployed> isAway) {
        if (rolling.pending().isPresent()) {
            carryOut(rolling);
            return;
        }
        Deployed candidate = rollouts.candidate(rolling).orElseThrow();
        Deployed beside = rollouts.beside(rolling).orElseThrow();
        Optional<String> trip = trip(candidate);
        if (candidate.isLost()) {
            abort(rolling, Cause.START, candidate.entry().view().reason().orElse("it can't be brought back"));
        } else if (candidate.entry().state() != DeploymentState.PUBLISHED) {
            abort(rolling, Cause.OPERATOR, takenAway(candidate));
        } else if (beside.isLost() || beside.entry().state() != DeploymentState.PUBLISHED) {
            LOG.warn("{}: there is nothing to go back to, so {} stays", beside.title(), candidate.title());
            promote(rolling, beside.isLost() ? Cause.START : Cause.OPERATOR, beside.title() + " was taken away");
        } else if (trip.isPresent()) {
            abort(rolling, Cause.TRIP, trip.get());
        } else if (trip(beside).isPresent()) {
            withoutBeside(rolling, beside);
        } else if (!rolling.isOfOneFile() && Predecessors.isRuled(parts.chain(), candidate.artifact())) {
            // It may have waited for just this version.
            promote(rolling, Cause.OPERATOR, "a traffic rule, which decides who gets what");
        } else {
            look(rolling, candidate, beside, hindrance(candidate, isAway));
        }
    }

    private void look(Rolling rolling, Deployed candidate, Deployed beside, Optional<String> hindrance) {
        rolling.seen(Seen.of(
                parts.chain(),
                parts.lately(),
                candidate.bundleId().orElseThrow(),
                beside.bundleId().orElseThrow(),
                rolling.isShared()));
        decide(rolling, rolling.rollout().look(rolling.seen(), hindrance), Cause.ROLLOUT);
    }

    /** {@return why a rollout doesn't go on though nothing is wrong: the old version mustn't leave then} */
    private Optional<String> hindrance(Deployed candidate, Predicate<Deployed> isAway) {
        if (isAway.test(candidate)) {
            return Optional.of("what is rolled out is away: its deployment says why");
        }
        return Predecessors.isRuled(parts.chain(), candidate.artifact())
                ? Optional.of("a traffic rule decides who gets what: delete it, or promote or abort the rollout")
                : Optional.empty();
    }

    /**
     * The chain gives all requests to the candidate. It bakes until an operator says what is to be: there is nothing that it
     * could be compared with, and going back would help nobody.
     */
    private void withoutBeside(Rolling rolling, Deployed beside) {
        if (!rolling.rollout().state().isBaking()) {
            taken(rolling, rolling.rollout().promote("the trip switch of " + beside.title()), Cause.TRIP);
        }
        rolling.rollout()
                .standStill("the version beside it has tripped, so there is nothing to go back to: reset that, or"
                        + " promote or abort the rollout");
    }

    /** {@return what made a version's trip switch trip} If it is the candidate's, that is evidence enough. */
    private Optional<String> trip(Deployed deployed) {
        OptionalLong bundle = deployed.bundleId();
        return bundle.isEmpty() ? Optional.empty() : Seen.trip(parts.chain(), bundle.getAsLong());
    }

    /**
     * What comes from now on is judged: there may be much before the next look.
     *
     * @param isNew whether the candidate has come with this very publish; what it has done by now came after that
     */
    void countFrom(Rolling rolling, boolean isNew) {
        try {
            Map<String, Arms> now = Seen.of(
                    parts.chain(),
                    parts.lately(),
                    rollouts.candidate(rolling).orElseThrow().bundleId().orElseThrow(),
                    rollouts.beside(rolling).orElseThrow().bundleId().orElseThrow(),
                    rolling.isShared());
            if (isNew && !rolling.isShared()) {
                now.replaceAll((middleware, arms) -> arms.nothing());
            }
            rolling.rollout().countFrom(now);
        } catch (RuntimeException e) {
            // The chain is away, or one of the two: it counts from the first look on.
            LOG.debug("What {} has done can't be told yet", rolling.file(), e);
        }
    }

    /** What he could do about it in the console isn't said: it is gone in a moment. */
    private String takenAway(Deployed candidate) {
        LedgerRecord.Decided decided = parts.ledger().state().decisions().get(candidate.file());
        String operator = decided == null ? "an operator" : "operator " + decided.operator();
        boolean isStopped = candidate.entry().state() == DeploymentState.STOPPED;
        return operator + " has " + (isStopped ? "stopped" : "uninstalled") + " " + candidate.title();
    }

    private void abort(Rolling rolling, Cause cause, String reason) {
        taken(rolling, rolling.rollout().abort(reason), cause);
    }

    /** To its end: the steps, and the bake. */
    private void promote(Rolling rolling, Cause cause, String who) {
        while (rollouts.find(rolling.file()).filter(rolling::equals).isPresent()
                && rolling.rollout().promote(who) instanceof Answer.Taken taken) {
            decide(rolling, taken.decision(), cause);
        }
    }

    /** {@return whether nothing of it is left to be carried out} */
    boolean taken(Rolling rolling, Answer answer, Cause cause) {
        return !(answer instanceof Answer.Taken taken) || decide(rolling, taken.decision(), cause);
    }

    private boolean decide(Rolling rolling, Decision decision, Cause cause) {
        rolling.pending(decision, cause);
        return carryOut(rolling);
    }

    /** Writes down where a rollout is, though nothing is to be carried out. */
    boolean write(Rolling rolling) {
        try {
            parts.ledger().append(rolling.record(parts.clock().instant()));
            return true;
        } catch (IOException e) {
            LOG.error("{}: the ledger can't be written: {}", rolling.file(), e.toString());
            return false;
        }
    }

    boolean carryOut(Rolling rolling) {
        if (rolling.pending().isEmpty()) {
            return true;
        }
        Rolling.Pending pending = rolling.pending().get();
        try {
            // First of all: whatever is cut off from here on is taken up again by the next start.
            if (!rolling.isWritten()) {
                parts.ledger().append(rolling.record(parts.clock().instant()));
                rolling.written();
            }
            if (pending.decision() instanceof Decision.TakeBack back) {
                endings.takeBack(rolling, back, pending.cause());
            } else if (pending.decision() instanceof Decision.Finish) {
                endings.finish(rolling, pending.cause());
            } else {
                share(rolling, pending.decision());
            }
            rolling.carriedOut();
            rolling.isDelayed(false);
            parts.board().calm(delayAlarm(rolling));
            parts.board().calm(stepAlarm(rolling.file()));
            if (!rolling.rollout().state().isPaused()) {
                parts.board().calm(pauseAlarm(rolling.file()));
            }
            return true;
        } catch (IOException e) {
            unwritten(rolling, pending, e);
            return false;
        } catch (IllegalStateException e) {
            // The chain is away, or doesn't take it.
            hindered(rolling, e);
            return false;
        }
    }

    private void share(Rolling rolling, Decision decision) {
        int before = rolling.share();
        rolling.share(Rolling.share(decision));
        String words =
                words(rolling) + " gets " + percent(rolling.share()) + " of the requests, after " + percent(before);
        parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), words);
        countFrom(rolling, false);
        LOG.info("{}", words);
        rollouts.show();
        rollouts.tell(RolloutEvent.Kind.SHARED, words, rollouts.view(rolling));
    }

    private void unwritten(Rolling rolling, Rolling.Pending pending, IOException cause) {
        if (pending.decision() instanceof Decision.TakeBack) {
            // Users come first: it has no requests from now on, and is retired when that can be written down.
            rolling.share(0);
            parts.chain().publish(Set.of(), Set.of(), rollouts.splits(), words(rolling) + " gets no requests");
        }
        delayed(
                rolling,
                delayAlarm(rolling),
                "The rollout of " + rolling.file() + " doesn't go on, as the ledger can't be written (" + cause
                        + "): look at the disk of the data directory");
    }

    private static String delayAlarm(Rolling rolling) {
        return "rollout ledger:" + rolling.file();
    }

    String words(Rolling rolling) {
        return rollouts.candidate(rolling).map(Deployed::title).orElse(rolling.symbolicName()) + " (" + rolling.file()
                + ")";
    }

    /** {@return the key of the alarm that a rollout can't go on} */
    static String stepAlarm(String file) {
        return "rollout step:" + file;
    }

    static String pauseAlarm(String file) {
        return "rollout paused:" + file;
    }

    void alarmIfPaused(Rolling rolling) {
        if (rolling.rollout().state().isPaused()) {
            parts.board()
                    .alarm(
                            pauseAlarm(rolling.file()),
                            "The rollout of " + rolling.file() + " is paused at " + percent(rolling.share())
                                    + " of the requests. Resume, promote or abort it: POST /api/v1/rollout/resume, promote"
                                    + " or abort, with file=" + rolling.file());
        }
    }

    static String percent(int hundredths) {
        return new BigDecimal(hundredths).movePointLeft(2).stripTrailingZeros().toPlainString() + " %";
    }
}

package dev.sluice.deployer.rollout;

import dev.sluice.conf.Durations;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Judge;
import dev.sluice.deployer.rollout.judge.Observed;
import dev.sluice.deployer.rollout.judge.Verdict;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The way of one candidate from its first share to all requests, or back. It decides, and the deployer carries out: each decision
 * before it asks again; one that can't be carried out is followed by {@link #abort}. Used by one thread.
 *
 * <p>After a restart a step begins anew, with its time and its requests: what was seen of it is gone, and what was passed isn't.
 */
public final class Rollout {

    private final RolloutPolicy policy;
    private final LongSupplier nanos;
    private final InstantSource wall;
    private final List<StepOutcome> finished = new ArrayList<>();

    private RolloutState state;
    private int step;
    private Instant since;
    private long sinceNanos;
    private Judge judge;
    private String waitingFor;

    private Rollout(RolloutPolicy policy, LongSupplier nanos, InstantSource wall, int step, RolloutState state) {
        this.policy = policy;
        this.nanos = nanos;
        this.wall = wall;
        this.step = step;
        this.state = state;
        this.since = wall.instant();
        enter(step);
    }

    /**
     * Begins a rollout. What it decides first is what {@link #first} says.
     *
     * @param policy how it goes
     * @param nanos the clock that times are measured by, as {@link System#nanoTime()}
     * @param wall the clock for what people read
     * @return the rollout
     */
    public static Rollout begin(RolloutPolicy policy, LongSupplier nanos, InstantSource wall) {
        return new Rollout(policy, nanos, wall, 0, policy.steps().size() == 1 ? RolloutState.BAKE : RolloutState.STEP);
    }

    /**
     * Goes on with a rollout where it was. What it decides first is what {@link #first} says.
     *
     * @param progress what was kept of it
     * @param nanos the clock that times are measured by
     * @param wall the clock for what people read
     * @return the rollout
     * @throws IllegalArgumentException if nothing can be made of what was kept
     */
    public static Rollout restore(Progress progress, LongSupplier nanos, InstantSource wall) {
        RolloutPolicy policy = RolloutPolicy.of(progress.policy());
        int last = policy.steps().size() - 1;
        if (progress.step() < 0 || progress.step() > last || progress.state().isBaking() != (progress.step() == last)) {
            if (!progress.state().isOver()) {
                throw new IllegalArgumentException(
                        "step " + progress.step() + " of " + policy.steps() + " can't be " + progress.state());
            }
        }
        Rollout rollout = new Rollout(policy, nanos, wall, Math.min(progress.step(), last), progress.state());
        rollout.finished.addAll(progress.finished());
        rollout.enter(rollout.step);
        rollout.since = progress.since();
        return rollout;
    }

    /** {@return what is to be carried out first, at the beginning or after a restart} */
    public Decision first() {
        if (state == RolloutState.TAKEN_BACK) {
            StepOutcome last = finished.get(finished.size() - 1);
            return new Decision.TakeBack(last.end(), last.reason());
        }
        return state == RolloutState.DONE ? new Decision.Finish() : share();
    }

    private Decision share() {
        int hundredths = policy.steps().get(step);
        return hundredths == RolloutPolicy.WHOLE ? new Decision.PublishWhole() : new Decision.SetShare(hundredths);
    }

    /**
     * Says from where to count: a decision has just been carried out. Without it the first look does.
     *
     * @param figures what the versions have done by then, by middleware
     */
    public void countFrom(Map<String, Arms> figures) {
        judge.look(figures);
    }

    /**
     * Looks at what the versions have done. To be asked every second or so, from when the last decision was carried out.
     *
     * @param figures what they have done since they are observed, by middleware; with the version beside where it has a share
     * @return what is to be done
     */
    public Decision look(Map<String, Arms> figures) {
        return look(figures, Optional.empty());
    }

    /**
     * The same while something else may keep it from going on. What is wrong is found all the same.
     *
     * @param hindrance what keeps it from going on, for operators
     */
    public Decision look(Map<String, Arms> figures, Optional<String> hindrance) {
        if (state.isOver()) {
            return new Decision.Stay("it is over");
        }
        Verdict verdict = judge.look(figures);
        if (verdict instanceof Verdict.Bad bad) {
            return takeBack(StepEnd.BREACHED, bad.reason());
        }
        if (state.isPaused()) {
            return stay("an operator has paused it");
        }
        if (hindrance.isPresent()) {
            return stay(hindrance.get());
        }
        Duration left = atLeast().minusNanos(nanos.getAsLong() - sinceNanos);
        if (left.toMillis() > 0) {
            return stay("there are " + Durations.format(Duration.ofSeconds((left.toMillis() + 999) / 1000))
                    + " left of " + Durations.format(atLeast()));
        }
        // Whoever bakes has no one beside it to wait for.
        if (!state.isBaking() && verdict instanceof Verdict.Waiting waiting) {
            return stay(waiting.why());
        }
        return goOn(StepEnd.PASSED, "nothing was wrong");
    }

    /**
     * It can't be told for now how it does.
     *
     * @param why why, for operators
     */
    public void standStill(String why) {
        waitingFor = why;
    }

    private Decision stay(String why) {
        waitingFor = why;
        return new Decision.Stay(why);
    }

    private Duration atLeast() {
        return state.isBaking() ? policy.bake() : policy.stepTime();
    }

    private Decision goOn(StepEnd end, String reason) {
        close(end, reason);
        if (state.isBaking()) {
            become(RolloutState.DONE);
            return new Decision.Finish();
        }
        int last = policy.steps().size() - 1;
        int next = end == StepEnd.PROMOTED ? last : step + 1;
        become(next == last ? RolloutState.BAKE : RolloutState.STEP);
        enter(next);
        return share();
    }

    private Decision takeBack(StepEnd end, String reason) {
        close(end, reason);
        become(RolloutState.TAKEN_BACK);
        return new Decision.TakeBack(end, reason);
    }

    private void enter(int next) {
        step = next;
        since = wall.instant();
        sinceNanos = nanos.getAsLong();
        waitingFor = "its first requests";
        double share = (double) policy.steps().get(step) / RolloutPolicy.WHOLE;
        // Each step may err, and so may the bake: together they keep what the policy promises.
        double alpha = (1 - policy.confidence()) / policy.steps().size();
        judge = new Judge(policy.tolerances(), share, share < 1 ? policy.stepRequests() : 0, alpha, besideSoFar());
    }

    private Map<String, Observed> besideSoFar() {
        Map<String, Observed> before = new HashMap<>();
        finished.forEach(outcome -> outcome.figures()
                .forEach(one -> before.merge(one.middleware(), one.beside().observed(), Observed::plus)));
        return before;
    }

    private void close(StepEnd end, String reason) {
        List<MiddlewareTally> figures = new ArrayList<>();
        judge.seen()
                .forEach((middleware, arms) -> figures.add(new MiddlewareTally(
                        middleware,
                        Tally.of(arms.candidate()),
                        Tally.of(arms.beside().orElse(Observed.NONE)))));
        finished.add(new StepOutcome(step, policy.steps().get(step), since, wall.instant(), end, reason, figures));
    }

    private void become(RolloutState next) {
        if (!state.next().contains(next)) {
            throw new IllegalStateException(state + " isn't followed by " + next);
        }
        state = next;
    }

    /** {@return what comes of an operator's wish that it doesn't go on for now; what is wrong is still looked for} */
    public Answer pause() {
        if (state.isOver() || state.isPaused()) {
            return new Answer.Refused(
                    state.isOver() ? "it is over" : "it is paused already, until you resume, promote or abort it");
        }
        become(state.paused());
        return new Answer.Taken(stay("an operator has paused it"));
    }

    /** {@return what comes of an operator's wish that it goes on; what was seen in between counts} */
    public Answer resume() {
        if (!state.isPaused()) {
            return new Answer.Refused(state.isOver() ? "it is over" : "it isn't paused, and goes on by itself");
        }
        become(state.resumed());
        return new Answer.Taken(stay("it goes on with the next look"));
    }

    /**
     * Ends the steps, and begins to bake; or ends the bake.
     *
     * @param operator who wants it
     * @return what comes of it
     */
    public Answer promote(String operator) {
        return state.isOver()
                ? new Answer.Refused("it is over")
                : new Answer.Taken(goOn(StepEnd.PROMOTED, "promoted by " + operator));
    }

    /**
     * Takes the candidate back.
     *
     * @param reason why, as a sentence
     * @return what comes of it
     */
    public Answer abort(String reason) {
        return state.isOver() ? new Answer.Refused("it is over") : new Answer.Taken(takeBack(StepEnd.ABORTED, reason));
    }

    /**
     * Makes way for a newer candidate: a version that has a part of the requests is taken back, and the newer one is judged
     * against the same version as it was. One that has all of them stays, its bake ends, and the newer one is judged against it.
     *
     * @param newer what came
     * @param inItsFile whether it came in the same file
     * @return what comes of it
     */
    public Answer supersede(String newer, boolean inItsFile) {
        if (state.isOver()) {
            return new Answer.Refused("it is over");
        }
        String reason = newer + " has come";
        StepEnd end = inItsFile ? StepEnd.REPLACED : StepEnd.SUPERSEDED;
        return new Answer.Taken(state.isBaking() ? goOn(end, reason) : takeBack(end, reason));
    }

    /**
     * Takes the candidate back, as its file has the content again that is beside it.
     *
     * @param reason why, as a sentence
     * @return what comes of it
     */
    public Answer revert(String reason) {
        return state.isOver() ? new Answer.Refused("it is over") : new Answer.Taken(takeBack(StepEnd.REPLACED, reason));
    }

    /** {@return where it is} */
    public RolloutState state() {
        return state;
    }

    /** {@return how it goes} */
    public RolloutPolicy policy() {
        return policy;
    }

    /** {@return what it waits for, for operators} */
    public String waitingFor() {
        return waitingFor;
    }

    /** {@return what is to be kept of it; to be kept before each decision is carried out} */
    public Progress progress() {
        return new Progress(policy.texts(), state, step, since, finished);
    }
}

package dev.sluice.deployer.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializer;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Latencies;
import dev.sluice.deployer.rollout.judge.Observed;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RolloutTest {

    private static final Map<String, String> STEPS = Map.of(
            "middleware", "auth", "steps", "1,50,100", "step.time", "60s", "step.requests", "100", "bake", "30s");

    private long seconds;
    private Observed candidate = Observed.NONE;
    private Observed beside = Observed.NONE;

    private Rollout begin(Map<String, String> policy) {
        return Rollout.begin(
                RolloutPolicy.of(policy),
                () -> TimeUnit.SECONDS.toNanos(seconds),
                () -> Instant.EPOCH.plusSeconds(seconds));
    }

    private Rollout restored(Progress progress) {
        return Rollout.restore(
                progress, () -> TimeUnit.SECONDS.toNanos(seconds), () -> Instant.EPOCH.plusSeconds(seconds));
    }

    private Decision look(Rollout rollout) {
        return rollout.look(
                Map.of("auth", rollout.state().isBaking() ? Arms.alone(candidate) : Arms.of(candidate, beside)));
    }

    private void after(long passed, long candidates, long failures, long besides) {
        seconds += passed;
        candidate = candidate.plus(new Observed(candidates, failures, failures, Latencies.NONE));
        beside = beside.plus(new Observed(besides, 0, 0, Latencies.NONE));
    }

    /** Through a step, with enough requests and none bad. */
    private Decision passed(Rollout rollout) {
        look(rollout);
        after(60, 200, 0, 5000);
        return look(rollout);
    }

    @Test
    void goesUpStepByStepBakesAndIsDone() {
        Rollout rollout = begin(STEPS);

        assertThat(rollout.first()).isEqualTo(new Decision.SetShare(100));
        assertThat(passed(rollout)).isEqualTo(new Decision.SetShare(5000));
        assertThat(rollout.waitingFor()).as("nothing of the step before").isEqualTo("its first requests");
        assertThat(passed(rollout)).isEqualTo(new Decision.PublishWhole());
        assertThat(rollout.state()).isEqualTo(RolloutState.BAKE);
        assertThat(passed(rollout)).isEqualTo(new Decision.Finish());
        assertThat(rollout.state()).isEqualTo(RolloutState.DONE);
        assertThat(rollout.progress().finished())
                .extracting(StepOutcome::share, StepOutcome::end)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(100, StepEnd.PASSED),
                        org.assertj.core.groups.Tuple.tuple(5000, StepEnd.PASSED),
                        org.assertj.core.groups.Tuple.tuple(10_000, StepEnd.PASSED));
        assertThat(look(rollout)).isEqualTo(new Decision.Stay("it is over"));
    }

    @Test
    void recordsTheFiguresOfEachStepAlone() {
        Rollout rollout = begin(STEPS);
        after(0, 7, 0, 70);
        passed(rollout);
        passed(rollout);

        assertThat(rollout.progress().finished()).allSatisfy(outcome -> assertThat(outcome.figures())
                .containsExactly(
                        new MiddlewareTally("auth", new Tally(200, 0, 0, Map.of()), new Tally(5000, 0, 0, Map.of()))));
        assertThat(rollout.progress().finished().get(1).began()).isEqualTo(Instant.EPOCH.plusSeconds(60));
        assertThat(rollout.progress().finished().get(1).ended()).isEqualTo(Instant.EPOCH.plusSeconds(120));
    }

    @Test
    void waitsForBothTimeAndRequests() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        after(59, 99, 0, 9900);
        assertThat(look(rollout)).isEqualTo(new Decision.Stay("there are 1s left of 1m"));
        after(1, 0, 0, 0);
        assertThat(look(rollout)).isEqualTo(new Decision.Stay("it has had 99 of 100 requests"));
        assertThat(rollout.waitingFor()).isEqualTo("it has had 99 of 100 requests");
        after(0, 1, 0, 0);
        assertThat(look(rollout)).isEqualTo(new Decision.SetShare(5000));
    }

    @Test
    void waitsWhileTheVersionBesideHasTooFewRequestsToCompareWith() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        after(3600, 1000, 0, 50);

        assertThat(look(rollout))
                .isEqualTo(
                        new Decision.Stay("the version beside it has had 50 of 100 requests, too few to compare with"));
    }

    @Test
    void takesBackWhatFailsAsSoonAsThatIsCertain() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        after(1, 40, 12, 4000);

        assertThat(look(rollout))
                .isEqualTo(new Decision.TakeBack(
                        StepEnd.BREACHED,
                        "\"auth\": 30 % of 40 requests failed by its own fault, against 0 % of 4,000 requests with the"
                                + " version beside it; up to 0.5 % is tolerated"));
        assertThat(rollout.state()).isEqualTo(RolloutState.TAKEN_BACK);
        assertThat(rollout.progress().finished().get(0).end()).isEqualTo(StepEnd.BREACHED);
    }

    @Test
    void takesBackWhatFailsWhileItBakes() {
        Rollout rollout = begin(Map.of("middleware", "*"));
        assertThat(rollout.first()).isEqualTo(new Decision.PublishWhole());
        look(rollout);
        after(10, 1000, 300, 0);

        assertThat(look(rollout))
                .isEqualTo(new Decision.TakeBack(
                        StepEnd.BREACHED,
                        "\"auth\": 30 % of 1,000 requests failed by its own fault; up to 5 % is tolerated"));
    }

    @Test
    void findsWhatBeginsToFailLateInALongBake() {
        Rollout rollout = begin(Map.of("middleware", "*", "bake", "2h"));
        look(rollout);
        for (int second = 0; second < 3600; second++) {
            after(1, 100, 0, 0);
            assertThat(look(rollout)).isInstanceOf(Decision.Stay.class);
        }
        after(1, 100, 60, 0);

        assertThat(look(rollout)).isInstanceOf(Decision.TakeBack.class);
    }

    @Test
    void doesNotTakeBackWhileItBakesWhatFailsNoMoreThanTheVersionBesideDid() {
        Rollout rollout = begin(STEPS);
        for (int step = 0; step < 2; step++) {
            look(rollout);
            after(60, 1000, 200, 0);
            beside = beside.plus(new Observed(10_000, 2000, 2000, Latencies.NONE));
            look(rollout);
        }
        assertThat(rollout.state()).isEqualTo(RolloutState.BAKE);
        look(rollout);
        after(30, 1000, 200, 0);

        assertThat(look(rollout)).isEqualTo(new Decision.Finish());
    }

    @Test
    void endsABakeByTimeEvenWithoutARequest() {
        Rollout rollout = begin(Map.of("middleware", "*"));
        look(rollout);
        after(30, 0, 0, 0);

        assertThat(look(rollout)).isEqualTo(new Decision.Finish());
        assertThat(begin(Map.of("middleware", "*", "bake", "0s")).look(Map.of()))
                .isEqualTo(new Decision.Finish());
    }

    @Test
    void goesNoFurtherWhilePausedAndOnWithWhatWasSeen() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        assertThat(rollout.pause()).isInstanceOf(Answer.Taken.class);
        assertThat(rollout.pause())
                .isEqualTo(new Answer.Refused("it is paused already, until you resume, promote or abort it"));
        after(600, 1000, 0, 99_000);
        assertThat(look(rollout)).isEqualTo(new Decision.Stay("an operator has paused it"));
        assertThat(rollout.resume()).isInstanceOf(Answer.Taken.class);
        assertThat(rollout.resume()).isEqualTo(new Answer.Refused("it isn't paused, and goes on by itself"));
        assertThat(look(rollout)).isEqualTo(new Decision.SetShare(5000));
    }

    @Test
    void takesBackWhatFailsWhilePaused() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        rollout.pause();
        after(1, 40, 12, 4000);

        assertThat(look(rollout)).isInstanceOf(Decision.TakeBack.class);
    }

    @Test
    void isPromotedToTheBakeAndThenToItsEnd() {
        Rollout rollout = begin(STEPS);
        rollout.pause();

        assertThat(rollout.promote("alice")).isEqualTo(new Answer.Taken(new Decision.PublishWhole()));
        assertThat(rollout.state()).isEqualTo(RolloutState.BAKE);
        rollout.pause();
        assertThat(rollout.promote("alice")).isEqualTo(new Answer.Taken(new Decision.Finish()));
        assertThat(rollout.promote("alice")).isEqualTo(new Answer.Refused("it is over"));
        assertThat(rollout.progress().finished())
                .extracting(StepOutcome::end, StepOutcome::reason)
                .containsOnly(org.assertj.core.groups.Tuple.tuple(StepEnd.PROMOTED, "promoted by alice"));
    }

    @Test
    void isAbortedAnywhere() {
        Rollout rollout = begin(STEPS);
        assertThat(rollout.abort("alice doesn't want it"))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.ABORTED, "alice doesn't want it")));
        assertThat(rollout.abort("again")).isEqualTo(new Answer.Refused("it is over"));
        assertThat(rollout.pause()).isEqualTo(new Answer.Refused("it is over"));

        assertThat(begin(Map.of("middleware", "*")).abort("no"))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.ABORTED, "no")));
    }

    @Test
    void makesWayForANewerCandidate() {
        assertThat(begin(STEPS).supersede("3.0.0", false))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.SUPERSEDED, "3.0.0 has come")));
        assertThat(begin(STEPS).supersede("3.0.0", true))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.REPLACED, "3.0.0 has come")));

        Rollout baking = begin(Map.of("middleware", "*"));
        assertThat(baking.supersede("3.0.0", true)).isEqualTo(new Answer.Taken(new Decision.Finish()));
        assertThat(baking.state()).isEqualTo(RolloutState.DONE);
    }

    @Test
    void isTakenBackWhereverItIsIfItsFileHasTheOldContentAgain() {
        assertThat(begin(STEPS).revert("as before"))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.REPLACED, "as before")));
        assertThat(begin(Map.of("middleware", "*")).revert("as before"))
                .isEqualTo(new Answer.Taken(new Decision.TakeBack(StepEnd.REPLACED, "as before")));
    }

    @Test
    void goesNoFurtherWhileSomethingHindersItAndIsTakenBackAllTheSame() {
        Rollout rollout = begin(STEPS);
        look(rollout);
        after(61, 200, 0, 200);
        Optional<String> rule = Optional.of("a rule stands for it");
        assertThat(rollout.look(Map.of("auth", Arms.of(candidate, beside)), rule))
                .isEqualTo(new Decision.Stay("a rule stands for it"));
        assertThat(rollout.waitingFor()).isEqualTo("a rule stands for it");
        after(1, 200, 150, 20_000);
        assertThat(rollout.look(Map.of("auth", Arms.of(candidate, beside)), rule))
                .isInstanceOf(Decision.TakeBack.class);
    }

    @Test
    void goesOnAfterARestartWithTheStepItWasIn() {
        Rollout rollout = begin(STEPS);
        passed(rollout);
        seconds += 59;
        candidate = Observed.NONE;
        beside = Observed.NONE;
        Rollout restored = restored(throughText(rollout.progress()));

        assertThat(restored.first()).isEqualTo(new Decision.SetShare(5000));
        assertThat(restored.progress()).isEqualTo(rollout.progress());
        look(restored);
        after(1, 200, 0, 200);
        assertThat(look(restored)).isEqualTo(new Decision.Stay("there are 59s left of 1m"));
        after(59, 0, 0, 0);
        assertThat(look(restored)).isEqualTo(new Decision.PublishWhole());
        assertThat(restored.progress().finished()).hasSize(2);
    }

    @Test
    void remembersAfterARestartThatItWasPausedOrOver() {
        Rollout rollout = begin(STEPS);
        rollout.pause();
        assertThat(restored(throughText(rollout.progress())).state()).isEqualTo(RolloutState.STEP_PAUSED);
        rollout.abort("no");
        assertThat(restored(throughText(rollout.progress())).first())
                .isEqualTo(new Decision.TakeBack(StepEnd.ABORTED, "no"));

        Rollout baking = begin(Map.of("middleware", "*"));
        assertThat(restored(throughText(baking.progress())).first()).isEqualTo(new Decision.PublishWhole());
        baking.promote("alice");
        assertThat(restored(throughText(baking.progress())).first()).isEqualTo(new Decision.Finish());
    }

    @Test
    void isNotRestoredFromWhatMakesNoSense() {
        Progress progress = begin(STEPS).progress();

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        restored(new Progress(progress.policy(), RolloutState.BAKE, 0, progress.since(), List.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        restored(new Progress(progress.policy(), RolloutState.STEP, 7, progress.since(), List.of())));
        Map<String, String> broken = new HashMap<>(STEPS);
        broken.put("steps", "7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> restored(new Progress(broken, RolloutState.STEP, 0, progress.since(), List.of())));
    }

    /** As the ledger writes records. */
    private static Progress throughText(Progress progress) {
        Gson gson = new GsonBuilder()
                .registerTypeAdapter(Instant.class, (JsonSerializer<Instant>)
                        (at, type, context) -> new JsonPrimitive(at.toString()))
                .registerTypeAdapter(Instant.class, (JsonDeserializer<Instant>)
                        (text, type, context) -> Instant.parse(text.getAsString()))
                .create();
        return gson.fromJson(gson.toJson(progress), Progress.class);
    }
}

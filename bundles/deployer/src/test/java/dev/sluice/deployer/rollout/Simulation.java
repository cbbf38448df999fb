package dev.sluice.deployer.rollout;

import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Runs a rollout to its end in virtual time, with a look each second; where requests are few, after some of them. */
final class Simulation {

    /** How it ended. */
    record Result(RolloutState state, int steps, double seen, long seconds, String reason) {}

    /** Looks that show nothing new are only slow. */
    private static final int NEWS = 10;

    private Simulation() {}

    static Result run(RolloutPolicy policy, Traffic traffic) {
        long[] seconds = {0};
        Rollout rollout = Rollout.begin(
                policy, () -> TimeUnit.SECONDS.toNanos(seconds[0]), () -> Instant.EPOCH.plusSeconds(seconds[0]));
        Decision decision = rollout.first();
        double share = 0;
        long looked = 0;
        while (!rollout.state().isOver() && seconds[0] < 100_000) {
            if (decision instanceof Decision.SetShare set) {
                share = set.hundredths() / 10_000.0;
            } else if (decision instanceof Decision.PublishWhole) {
                share = 1;
            }
            traffic.second(share);
            seconds[0]++;
            if (traffic.requests - looked < NEWS) {
                continue;
            }
            looked = traffic.requests;
            decision = rollout.look(traffic.figures(share == 1));
        }
        StepOutcome last = rollout.progress().finished().isEmpty()
                ? null
                : rollout.progress()
                        .finished()
                        .get(rollout.progress().finished().size() - 1);
        return new Result(
                rollout.state(),
                rollout.progress().finished().size(),
                (double) traffic.seen / traffic.requests,
                seconds[0],
                last == null ? rollout.waitingFor() : last.reason());
    }
}

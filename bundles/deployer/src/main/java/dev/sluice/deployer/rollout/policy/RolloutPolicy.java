package dev.sluice.deployer.rollout.policy;

import dev.sluice.deployer.rollout.judge.Tolerances;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a version is rolled out.
 *
 * @param subject what is rolled out so
 * @param steps the shares of the requests that it gets one after the other, in hundredths of a percent; the last is 10000
 * @param stepTime how long each step lasts at least
 * @param stepRequests how many requests it must have had in each
 * @param tolerances what is tolerated of it
 * @param confidence how sure one is to be that a good version isn't taken back, as 0.999
 * @param bake how long the old version stays ready after the last step
 * @param sticky by what a client is known, so that it stays with a version: {@code none}, {@code client-ip},
 *     {@code header:<name>} or {@code cookie:<name>}
 * @param texts what an operator wrote, from which all this can be read again
 */
public record RolloutPolicy(
        Subject subject,
        List<Integer> steps,
        Duration stepTime,
        long stepRequests,
        Tolerances tolerances,
        double confidence,
        Duration bake,
        String sticky,
        Map<String, String> texts) {

    /** All requests, as a share. */
    public static final int WHOLE = 10_000;

    /** Keeps its own copies. */
    public RolloutPolicy {
        steps = List.copyOf(steps);
        texts = Map.copyOf(texts);
        if (steps.isEmpty() || steps.get(steps.size() - 1) != WHOLE) {
            throw new IllegalArgumentException("the last step is the whole");
        }
    }

    /** {@return the policy where an operator has written none: all at once, and back if it fails outright} */
    public static RolloutPolicy standard() {
        return of(Map.of("middleware", "*"));
    }

    /**
     * Reads again what was read before.
     *
     * @param texts of a policy
     * @return the policy
     * @throws IllegalArgumentException if it isn't one any more
     */
    public static RolloutPolicy of(Map<String, String> texts) {
        PolicyReading reading = PolicyReader.read(texts);
        if (reading instanceof PolicyReading.Good good) {
            return good.policy();
        }
        throw new IllegalArgumentException(String.join("; ", ((PolicyReading.Bad) reading).faults()));
    }
}

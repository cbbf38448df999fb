package dev.sluice.deployer;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A rollout that is under way.
 *
 * @param file the file that the new version is deployed from
 * @param middleware the names of the middleware that are rolled out
 * @param from the version that served before
 * @param to the new version
 * @param phase where it is
 * @param share the new version's share of the requests, in percent
 * @param step the number of the step, from 1; the bake is the last
 * @param steps how many there are
 * @param since when the step began
 * @param waitingFor what it waits for, in words
 * @param figures what the two have done in the step, by middleware
 * @param finished the steps that are over, in their order
 */
public record RolloutView(
        String file,
        List<String> middleware,
        ContentView from,
        ContentView to,
        Phase phase,
        double share,
        int step,
        int steps,
        Instant since,
        String waitingFor,
        List<Figures> figures,
        List<Step> finished) {

    /** Where a rollout is. */
    public enum Phase {
        /** The new version has a part of the requests, and is judged against the version beside it. */
        STEP,
        /** The same, and an operator doesn't want it to go on. What is wrong is still looked for. */
        STEP_PAUSED,
        /** The new version has all requests, and the old one is kept ready. */
        BAKE,
        /** The same, and an operator wants the old version to be kept ready. */
        BAKE_PAUSED,
        /** It is over, and the new version stays. */
        DONE,
        /** It is over, and the old version serves again. */
        TAKEN_BACK
    }

    /**
     * What the two versions of a middleware have done.
     *
     * @param middleware its name
     * @param candidate what the new version has done
     * @param beside what the old one has done; all zero while it has no share
     */
    public record Figures(String middleware, Counts candidate, Counts beside) {}

    /**
     * What one version has done.
     *
     * @param requests the complete requests
     * @param failures those of which a failure was charged to it
     * @param serverErrors those that were answered with a status of 500 or above
     * @param micros how long they took at the quantiles {@code p50}, {@code p95} and {@code p99}, in microseconds, if known
     */
    public record Counts(long requests, long failures, long serverErrors, Map<String, Long> micros) {

        /** Keeps its own copy. */
        public Counts {
            micros = Map.copyOf(micros);
        }
    }

    /**
     * A step that is over.
     *
     * @param step its number, from 1
     * @param share the share of the requests that the new version had, in percent
     * @param began when it began
     * @param ended when it ended
     * @param end how it ended: {@code PASSED}, {@code BREACHED}, {@code PROMOTED}, {@code ABORTED}, {@code SUPERSEDED}
     *     or {@code REPLACED}
     * @param reason why it ended so
     * @param figures what the two had done
     */
    public record Step(
            int step, double share, Instant began, Instant ended, String end, String reason, List<Figures> figures) {

        /** Keeps its own copy. */
        public Step {
            figures = List.copyOf(figures);
        }
    }

    /** Keeps its own copies. */
    public RolloutView {
        middleware = List.copyOf(middleware);
        figures = List.copyOf(figures);
        finished = List.copyOf(finished);
    }
}

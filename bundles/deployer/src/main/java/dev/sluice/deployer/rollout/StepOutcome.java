package dev.sluice.deployer.rollout;

import java.time.Instant;
import java.util.List;

/**
 * What came of a step.
 *
 * @param step its number, from 0; the bake is the last
 * @param share the candidate's share of the requests, in hundredths of a percent
 * @param began when
 * @param ended when
 * @param end how
 * @param reason why it ended so, for operators
 * @param figures what was seen in it, by middleware
 */
public record StepOutcome(
        int step, int share, Instant began, Instant ended, StepEnd end, String reason, List<MiddlewareTally> figures) {

    /** Keeps its own copy. */
    public StepOutcome {
        figures = List.copyOf(figures);
    }
}

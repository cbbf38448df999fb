package dev.sluice.benchmark.results;

import java.util.List;

/**
 * What was measured of one subject at one point.
 *
 * @param panel the name of the panel it belongs to
 * @param subject who was measured
 * @param x where on the panel's axis
 * @param metric what was measured
 * @param unit in what
 * @param samples each sample as it was measured, in the order of the rounds
 */
public record Series(String panel, String subject, double x, String metric, String unit, List<Double> samples) {

    /** Keeps its own copy of the samples, of which there is one at least. */
    public Series {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("no sample of " + metric + " of " + subject + " in " + panel);
        }
    }
}

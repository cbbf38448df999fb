package dev.sluice.deployer.rollout.judge;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An e-process made of several likelihood ratios, each for another assumption of how much worse than tolerated it is, and of
 * one assumption that nothing is, which stays as it is whatever comes. Before each stratum a small part of the whole is shared
 * out evenly. Weights that are chosen before what they weigh keep the expectation at one or less. So what went well for an hour
 * doesn't have to be outweighed before what goes wrong then is seen, and a time in which everything fails doesn't hide what is
 * seen after it. (It is the "fixed share" of Herbster and Warmuth, "Tracking the Best Expert", 1998.)
 *
 * <p>All in natural logarithms. Used by one thread.
 */
final class Mixture {

    /** Slight, lasting differences want it small; what begins late wants it large. */
    private static final double SHARED = 0.005;

    private final double[] logWeights;

    /** @param assumptions how many there are, without the one that nothing is wrong */
    Mixture(int assumptions) {
        this.logWeights = new double[assumptions + 1];
        Arrays.fill(logWeights, -Math.log(logWeights.length));
    }

    /**
     * Takes in what was seen in a stratum.
     *
     * @param logRatio how likely that is under each assumption, divided by how likely it is if nothing is wrong
     */
    void observe(IntToDoubleFunction logRatio) {
        double even = logSum(logWeights) + Math.log(SHARED / logWeights.length);
        for (int i = 0; i < logWeights.length; i++) {
            double kept = logSum(logWeights[i] + Math.log(1 - SHARED), even);
            logWeights[i] = kept + (i == 0 ? 0 : logRatio.applyAsDouble(i - 1));
        }
    }

    /** {@return the logarithm of the evidence} */
    double logEvidence() {
        return logSum(logWeights);
    }

    /** The logarithm of the sum of what these are the logarithms of. */
    static double logSum(double... logs) {
        double largest = DoubleStream.of(logs).max().orElse(Double.NEGATIVE_INFINITY);
        return largest
                + Math.log(IntStream.range(0, logs.length)
                        .mapToDouble(i -> Math.exp(logs[i] - largest))
                        .sum());
    }
}

package dev.sluice.deployer.rollout.judge;

import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * An e-process: the average of likelihood ratios, each for another assumption of how much worse than tolerated it is. All in
 * natural logarithms. Used by one thread.
 */
final class Mixture {

    private final double[] logRatios;

    /** @param assumptions how many there are */
    Mixture(int assumptions) {
        this.logRatios = new double[assumptions];
    }

    /** Multiplies each likelihood ratio with that of what was newly seen. */
    void observe(IntToDoubleFunction logRatio) {
        for (int i = 0; i < logRatios.length; i++) {
            logRatios[i] += logRatio.applyAsDouble(i);
        }
    }

    /** {@return the logarithm of the average} */
    double logEvidence() {
        return logSum(logRatios) - Math.log(logRatios.length);
    }

    /** The logarithm of the sum of what these are the logarithms of. */
    static double logSum(double... logs) {
        double largest = DoubleStream.of(logs).max().orElse(Double.NEGATIVE_INFINITY);
        return largest + Math.log(IntStream.range(0, logs.length)
                .mapToDouble(i -> Math.exp(logs[i] - largest))
                .sum());
    }
}

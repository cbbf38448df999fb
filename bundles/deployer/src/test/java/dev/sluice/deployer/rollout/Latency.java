package dev.sluice.deployer.rollout;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** A distribution of latencies, drawn from a table so that millions cost little. */
final class Latency {

    private static final int SIZE = 1 << 14;

    private static final double WIDTH = Math.log(1.1);

    private final double[] nanos;
    /** In which range each is, before it is rounded up. */
    private final double[] ranges;

    private Latency(double[] nanos) {
        this.nanos = nanos;
        this.ranges = DoubleStream.of(nanos).map(Latency::range).toArray();
    }

    private static double range(double nanos) {
        return Math.log(nanos / Version.BOUNDS[0]) / WIDTH;
    }

    private static Latency of(ToDoubleFunction<SplittableRandom> millis) {
        SplittableRandom random = new SplittableRandom(4711);
        double[] nanos = new double[SIZE];
        Arrays.setAll(nanos, i -> millis.applyAsDouble(random) * 1e6);
        return new Latency(nanos);
    }

    /** The larger sigma is, the heavier its tail: with 1 one request in a hundred takes ten times the median. */
    static Latency logNormal(double medianMillis, double sigma) {
        return of(random -> medianMillis * Math.exp(sigma * gaussian(random)));
    }

    /** Most are fast, and some are slow. */
    static Latency bimodal(double fastMillis, double slowMillis, double slowShare) {
        return of(random ->
                (random.nextDouble() < slowShare ? slowMillis : fastMillis) * Math.exp(0.2 * gaussian(random)));
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /** {@return the range that a request falls into which takes that many times as long, and so much longer} */
    int draw(SplittableRandom random, double times, double moreNanos) {
        int drawn = random.nextInt(SIZE);
        boolean asItIs = times == 1 && moreNanos == 0;
        int range = (int) Math.ceil(asItIs ? ranges[drawn] : range(nanos[drawn] * times + moreNanos));
        return Math.max(0, Math.min(Version.BOUNDS.length, range));
    }
}

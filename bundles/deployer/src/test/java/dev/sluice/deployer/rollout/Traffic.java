package dev.sluice.deployer.rollout;

import dev.sluice.deployer.rollout.judge.Arms;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongToDoubleFunction;

/** Simulated requests to two versions of a middleware, second by second, and an upstream that they have in common. */
final class Traffic {

    private static final Map<Integer, double[]> ZIPF = new ConcurrentHashMap<>();

    final Version candidate;
    final Version beside;

    private final SplittableRandom random;
    private final int perSecond;
    private final Latency latency;
    /** The share of errors of the upstream, and the same while it is in trouble. */
    private final double errors;

    private final double errorsInTrouble;
    private boolean trouble;
    /** How many requests there are in each second, and how many times as long all of them take. */
    private LongToDoubleFunction rate;

    private LongToDoubleFunction load = second -> 1;
    private long now;
    private double[] clients;
    private double[] places;
    long requests;
    long seen;

    Traffic(
            long seed,
            int perSecond,
            Latency latency,
            double errors,
            double errorsInTrouble,
            Version beside,
            Version candidate) {
        this.random = new SplittableRandom(seed);
        this.perSecond = perSecond;
        this.latency = latency;
        this.errors = errors;
        this.errorsInTrouble = errorsInTrouble;
        this.beside = beside;
        this.candidate = candidate;
    }

    /** Clients stay with a version, by their place between none and all, and make their requests by Zipf's law; every so many-th has an error in each of them. */
    Traffic sticky(int count, int everyBad) {
        clients = ZIPF.computeIfAbsent(count, Traffic::zipf);
        places = new double[count];
        for (int i = 0; i < count; i++) {
            places[i] = random.nextDouble() * (random.nextInt(everyBad) == 0 ? -1 : 1);
        }
        return this;
    }

    /** Requests come as often as this says of each second, and all of them take so many times as long then. */
    Traffic varying(LongToDoubleFunction rate, LongToDoubleFunction load) {
        this.rate = rate;
        this.load = load;
        return this;
    }

    private int count() {
        if (rate == null) {
            return perSecond / 2 + random.nextInt(perSecond + 1);
        }
        double mean = rate.applyAsDouble(now) * (0.5 + random.nextDouble());
        return (int) mean + (with(mean - (int) mean) ? 1 : 0);
    }

    /** How much is asked for by the first, the first two, ... */
    private static double[] zipf(int count) {
        double[] sums = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += 1 / Math.pow(i + 1, 0.8);
            sums[i] = sum;
        }
        return sums;
    }

    private boolean with(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    void second(double share) {
        // In trouble for twenty seconds, one time in a hundred and twenty: of the upstream, so for whichever version
        // asks.
        trouble = errorsInTrouble > 0 && (trouble ? random.nextInt(20) > 0 : random.nextInt(100) == 0);
        double failing = trouble ? errorsInTrouble : errors;
        double delay = trouble ? 300e6 : 0;
        double times = load.applyAsDouble(now);
        int count = count();
        now++;
        for (int i = 0; i < count; i++) {
            double client = clients == null ? 1 : places[client()];
            boolean toCandidate = (clients == null ? random.nextDouble() : Math.abs(client)) < share;
            Version version = toCandidate ? candidate : beside;
            boolean failure = with(version.throwing);
            boolean serverError = failure || client < 0 || with(failing) || with(version.answering500);
            version.complete(failure, serverError, latency.draw(random, version.slowness * times, delay));
            requests++;
            seen += toCandidate ? 1 : 0;
        }
    }

    private int client() {
        double at = random.nextDouble() * clients[clients.length - 1];
        int found = Arrays.binarySearch(clients, at);
        return found < 0 ? -found - 1 : found;
    }

    Map<String, Arms> figures(boolean whole) {
        return Map.of(
                "auth", whole ? Arms.alone(candidate.observed()) : Arms.of(candidate.observed(), beside.observed()));
    }
}

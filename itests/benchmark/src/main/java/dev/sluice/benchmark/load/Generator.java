package dev.sluice.benchmark.load;

import com.google.gson.Gson;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

/** The process that makes requests: says on its standard output what it has seen, as JSON. */
public final class Generator {

    private static final int OK = 200;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1000;

    private final URI target;
    private final long nanos;
    private final LongSupplier nanoTime;
    /** Guarded by this, as all below. */
    private final Histogram times = new Histogram(DIGITS);

    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<String, Long> firstSeen = new TreeMap<>();
    private long unfiltered;
    private long mixed;

    Generator(URI target, Duration length, LongSupplier nanoTime) {
        this.target = target;
        this.nanos = length.toNanos();
        this.nanoTime = nanoTime;
    }

    /**
     * Runs once.
     *
     * @param arguments the address, how many connections, and for how many milliseconds
     */
    public static void main(String[] arguments) throws InterruptedException {
        Generator generator = new Generator(
                URI.create(arguments[0]), Duration.ofMillis(Long.parseLong(arguments[2])), System::nanoTime);
        System.out.println(new Gson().toJson(generator.run(Integer.parseInt(arguments[1]))));
    }

    Watched run(int connections) throws InterruptedException {
        long start = nanoTime.getAsLong();
        Thread[] threads = new Thread[connections];
        for (int i = 0; i < connections; i++) {
            threads[i] = new Thread(() -> connection(start), "connection " + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return watched((nanoTime.getAsLong() - start) / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private void connection(long start) {
        Histogram own = new Histogram(DIGITS);
        try (KeptConnection connection = new KeptConnection(target)) {
            String seen = "";
            for (long now = start; now - start < nanos; ) {
                long asked = nanoTime.getAsLong();
                try {
                    Answered answer = connection.ask();
                    now = nanoTime.getAsLong();
                    own.recordValue(now - asked);
                    if (answer.status() != OK
                            || answer.isUnfiltered()
                            || answer.isMixed()
                            || !seen.equals(answer.first())) {
                        note(answer);
                        seen = answer.first() == null ? "" : answer.first();
                    }
                } catch (IOException broken) {
                    now = nanoTime.getAsLong();
                    note(0);
                }
            }
        }
        synchronized (this) {
            times.add(own);
        }
    }

    /** Of what is as ever nothing is noted: threads would meet here for each request. */
    private synchronized void note(Answered answer) {
        if (answer.status() != OK) {
            note(answer.status());
        } else {
            unfiltered += answer.isUnfiltered() ? 1 : 0;
            mixed += answer.isMixed() ? 1 : 0;
        }
        if (answer.first() != null) {
            firstSeen.putIfAbsent(answer.first(), System.currentTimeMillis());
        }
    }

    private synchronized void note(int status) {
        statuses.merge(status, 1L, Long::sum);
    }

    private synchronized Watched watched(double seconds) {
        long failed = statuses.values().stream().mapToLong(Long::longValue).sum();
        Outcome outcome = new Outcome(
                times.getTotalCount(), seconds, failed, micros(50), micros(90), micros(99), micros(99.9), micros(100));
        return new Watched(outcome, unfiltered, mixed, Map.copyOf(statuses), Map.copyOf(firstSeen));
    }

    private double micros(double percentile) {
        return times.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}

package dev.sluice.benchmark.load;

import com.google.gson.Gson;
import java.net.URI;
import java.time.Duration;
import java.util.BitSet;
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
    private static final int SLOT_MILLIS = 10;
    private static final long SLOT_NANOS = TimeUnit.MILLISECONDS.toNanos(SLOT_MILLIS);

    private final Wanted wanted;
    private final LongSupplier nanoTime;

    /** Guarded by this, as all below. */
    private final Histogram times = new Histogram(DIGITS);

    private long longest;
    private final Map<Integer, Long> failed = new TreeMap<>();
    private final BitSet failing = new BitSet();
    private final Map<String, Long> firstSeen = new TreeMap<>();
    private long unfiltered;
    private long mixed;
    private long sentAgain;

    /**
     * What it is to do.
     *
     * @param target the address
     * @param connections how many connections
     * @param warmUp for how long no times are taken; all else counts from the first request on
     * @param length for how long they are taken then
     * @param status what every request is to be answered with
     */
    record Wanted(URI target, int connections, Duration warmUp, Duration length, int status) {

        static Wanted of(String... arguments) {
            return new Wanted(
                    URI.create(arguments[0]),
                    Integer.parseInt(arguments[1]),
                    Duration.ofMillis(Long.parseLong(arguments[2])),
                    Duration.ofMillis(Long.parseLong(arguments[3])),
                    Integer.parseInt(arguments[4]));
        }

        String[] arguments() {
            return new String[] {
                target.toString(),
                String.valueOf(connections),
                String.valueOf(warmUp.toMillis()),
                String.valueOf(length.toMillis()),
                String.valueOf(status)
            };
        }
    }

    Generator(Wanted wanted, LongSupplier nanoTime) {
        this.wanted = wanted;
        this.nanoTime = nanoTime;
    }

    /**
     * Runs once.
     *
     * @param arguments what it is to do: the address, how many connections, milliseconds to warm up, milliseconds, and the status
     */
    public static void main(String[] arguments) throws InterruptedException {
        Generator generator = new Generator(Wanted.of(arguments), System::nanoTime);
        System.out.println(new Gson().toJson(generator.run()));
    }

    Watched run() throws InterruptedException {
        long start = nanoTime.getAsLong();
        Thread[] threads = new Thread[wanted.connections()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> connection(start), "connection " + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long taken = nanoTime.getAsLong() - start - wanted.warmUp().toNanos();
        return watched(taken / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private void connection(long start) {
        long warm = start + wanted.warmUp().toNanos();
        long nanos = wanted.warmUp().plus(wanted.length()).toNanos();
        Histogram own = new Histogram(DIGITS);
        long ownLongest = 0;
        int again;
        try (KeptConnection connection = new KeptConnection(wanted.target())) {
            String seen = "";
            for (long now = start; now - start < nanos; ) {
                long asked = nanoTime.getAsLong();
                try {
                    Answered answer = connection.ask();
                    now = nanoTime.getAsLong();
                    if (answer.status() != wanted.status()) {
                        fail(answer.status(), asked - start, now - start);
                    } else {
                        if (asked - warm >= 0) {
                            own.recordValue(now - asked);
                        }
                        if (!isClean(answer)) {
                            note(answer);
                        } else if (!seen.equals(answer.first())) {
                            // Of what is as ever nothing is noted: threads would meet here for each request.
                            seen = answer.first() == null ? "" : answer.first();
                            see(seen);
                        }
                    }
                } catch (BrokenOff broken) {
                    now = nanoTime.getAsLong();
                    fail(broken.status(), asked - start, now - start);
                }
                if (asked - warm >= 0) {
                    ownLongest = Math.max(ownLongest, now - asked);
                }
            }
            again = connection.sentAgain();
        }
        gather(own, ownLongest, again);
    }

    /** Whoever is to be denied gets nothing by which one could tell who else has seen the request. */
    private boolean isClean(Answered answer) {
        return wanted.status() != OK || !answer.isUnfiltered() && !answer.isMixed();
    }

    private synchronized void gather(Histogram own, long ownLongest, int again) {
        times.add(own);
        longest = Math.max(longest, ownLongest);
        sentAgain += again;
    }

    private synchronized void note(Answered answer) {
        unfiltered += answer.isUnfiltered() ? 1 : 0;
        mixed += answer.isMixed() ? 1 : 0;
    }

    private synchronized void see(String version) {
        if (!version.isEmpty()) {
            firstSeen.putIfAbsent(version, System.currentTimeMillis());
        }
    }

    /** How many fail in a gap depends on how fast they do: for how long some did says more. */
    private synchronized void fail(int status, long from, long to) {
        failed.merge(status, 1L, Long::sum);
        failing.set((int) (from / SLOT_NANOS), (int) (to / SLOT_NANOS) + 1);
    }

    private synchronized Watched watched(double seconds) {
        long all = failed.values().stream().mapToLong(Long::longValue).sum();
        Outcome outcome = new Outcome(
                times.getTotalCount(),
                seconds,
                all,
                micros(50),
                micros(90),
                micros(99),
                micros(99.9),
                longest / NANOS_PER_MICRO);
        return new Watched(
                outcome,
                unfiltered,
                mixed,
                Map.copyOf(failed),
                (long) failing.cardinality() * SLOT_MILLIS,
                sentAgain,
                Map.copyOf(firstSeen));
    }

    private double micros(double percentile) {
        return times.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}

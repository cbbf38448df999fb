package dev.sluice.benchmark.load;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Asks on one connection, one request after the other, until a version answers. For one thread. */
public final class Arrival implements AutoCloseable {

    /** This end is to be no colder than the server's. */
    private static final int WARM_UP = 2000;

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    /** By then something is wrong. */
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final KeptConnection connection;
    private final LongSupplier nanoTime;

    Arrival(KeptConnection connection, LongSupplier nanoTime) {
        this.connection = connection;
        this.nanoTime = nanoTime;
    }

    /** What brings a version. */
    @FunctionalInterface
    public interface Bringing {
        /** Returns when the version's file is complete. */
        void run() throws Exception;
    }

    /** {@return one that asks for something, and has done so often} */
    public static Arrival at(URI target) throws Exception {
        KeptConnection connection = new KeptConnection(target);
        for (int i = 0; i < WARM_UP; i++) {
            connection.ask();
        }
        return new Arrival(connection, System::nanoTime);
    }

    /**
     * Has a version come.
     *
     * @param version what its filter leaves in {@code X-First}
     * @param bringing brings it
     * @return how many milliseconds lie between the complete file and its first answer
     * @throws IllegalStateException if it isn't there after a minute
     */
    public double millis(String version, Bringing bringing) throws Exception {
        bringing.run();
        long start = nanoTime.getAsLong();
        while (true) {
            Answered answer = connection.ask();
            long taken = nanoTime.getAsLong() - start;
            if (version.equals(answer.first())) {
                return taken / NANOS_PER_MILLI;
            }
            if (taken > LONGEST_NANOS) {
                throw new IllegalStateException("after a minute " + version + " is still not seen");
            }
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}

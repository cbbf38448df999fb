package dev.sluice.chain;

import java.util.Optional;

/**
 * Marks the thread on which an authenticated operator acts. A bundle that is stopped or uninstalled on such a thread is
 * removed from the chain for good; the same from anybody else leaves its place standing, and closed.
 *
 * <p>The admin listener marks its request threads. Nothing else should.
 */
public final class Operator {

    private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

    private Operator() {}

    /**
     * Marks the calling thread until the mark is closed, on the same thread.
     *
     * @param name the operator's user name
     * @return the mark
     */
    public static Mark mark(String name) {
        String before = CURRENT.get();
        CURRENT.set(name);
        return () -> {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        };
    }

    /** {@return the operator who acts on the calling thread, if one does} */
    public static Optional<String> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /** Ends a marking when it is closed. */
    @FunctionalInterface
    public interface Mark extends AutoCloseable {
        @Override
        void close();
    }
}

package dev.sluice.benchmark.change;

import dev.sluice.benchmark.outside.ServerProcess;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A server whose two filters, or what corresponds to them, are changed while requests run. Each version is set in two headers,
 * {@code X-First} and {@code X-Last}.
 */
interface Changing {

    /** {@return its name in the report} */
    String name();

    /** {@return what it is, with its version, and how it is set up} */
    String described();

    /** {@return why it can't be had here, if so} */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /**
     * Starts it, and waits until it answers.
     *
     * @param version the version that it begins with
     * @param denies whether the filters answer 403
     * @param work a folder of its own, which isn't there yet
     * @return it
     */
    Running start(String version, boolean denies, Path work) throws Exception;

    /**
     * It, running.
     *
     * @param process its process
     * @param change changes it to another version; returns when the copy is complete, or the order given, and waits for nothing
     */
    record Running(ServerProcess process, Change change) implements AutoCloseable {

        @Override
        public void close() {
            process.close();
        }
    }

    /** A change. */
    @FunctionalInterface
    interface Change {
        /** Changes to a version. */
        void to(String version) throws Exception;
    }

    /** {@return the status that all requests are answered with} */
    static int status(boolean denies) {
        return denies ? 403 : 200;
    }
}

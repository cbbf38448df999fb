package dev.sluice.benchmark.outside;

import java.nio.file.Path;

/** A server that is measured. */
interface Peer {

    /** {@return its name in the report} */
    String name();

    /** {@return what it is, with its version, and how it is set up} */
    String described();

    /** {@return whether it writes to its socket before what stands behind the time's taking returns} */
    default boolean writesWithin() {
        return true;
    }

    /**
     * Starts it.
     *
     * @param middleware with how many middleware
     * @param work a folder of its own, which isn't there yet
     * @return it, answering
     */
    Running start(int middleware, Path work) throws Exception;

    /**
     * It, running.
     *
     * @param process its process
     * @param asSetUp whether all that was set up is still so, as far as it can be told
     */
    record Running(ServerProcess process, ServerProcess.Check asSetUp) implements AutoCloseable {

        Running(ServerProcess process) {
            this(process, () -> true);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}

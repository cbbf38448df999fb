package dev.sluice.benchmark.outside;

import java.nio.file.Path;

/** A server that is measured. */
interface Peer {

    /** {@return its name in the report} */
    String name();

    /** {@return what it is, with its version, and how it is set up} */
    String described();

    /**
     * Starts it.
     *
     * @param middleware with how many middleware
     * @param work a folder of its own, which isn't there yet
     * @return it, answering
     */
    ServerProcess start(int middleware, Path work) throws Exception;
}

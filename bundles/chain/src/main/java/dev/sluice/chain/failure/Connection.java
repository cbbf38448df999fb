package dev.sluice.chain.failure;

import java.util.Optional;

/** A request's connection, as far as failures are concerned. */
public interface Connection {

    /** {@return what the connection has to do with something that was thrown; empty if nothing} */
    Optional<Throwable> connectionFault(Throwable thrown);
}

package dev.sluice.chain.snapshot;

import java.io.IOException;

/** What earlier middleware sees of one that had the request for longer than it may. */
final class DeadlinePassed extends IOException {

    private static final long serialVersionUID = 1;

    DeadlinePassed(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

package dev.sluice.chain.failure;

import java.io.IOException;

/** What earlier middleware sees of one that had the request for longer than it may. */
public final class DeadlinePassed extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * Makes it.
     *
     * @param message a sentence that says whose deadline it is
     */
    public DeadlinePassed(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

package dev.sluice.proxy.exchange;

import java.io.IOException;

/** Has the container close the client's connection, so that half an answer isn't taken for a whole one. Why is logged already. */
final class BrokenOff extends IOException {

    private static final long serialVersionUID = 1;

    /** The request attribute that asks for it. */
    static final String ATTRIBUTE = "dev.sluice.proxy.broken";

    BrokenOff() {
        super("The answer is on its way already, and is aborted");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

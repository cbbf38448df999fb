package dev.sluice.chain.failure;

import java.io.IOException;

/**
 * Has the container abort a response that is on its way to the client, so that it isn't taken for a whole one. It carries
 * nothing of what was thrown before: neither a cause nor a stack.
 */
public final class Aborted extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * Makes it.
     *
     * @param incident under what the log says why
     */
    public Aborted(String incident) {
        super("incident " + incident + ": the response was on its way already, and is aborted");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}

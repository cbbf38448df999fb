package dev.sluice.proxy.upstream;

import java.io.IOException;

/** A request was given a connection that turned out to be over: nothing of it was sent, and it may be sent over another. */
public final class NeverSentException extends IOException {

    private static final long serialVersionUID = 1;

    NeverSentException(Throwable cause) {
        super("The connection was over before anything was sent", cause);
    }
}

package dev.sluice.proxy.upstream;

import java.io.IOException;

/** A request's head is larger than the upstream takes: it was not sent, and says nothing of the upstream. */
public final class LargeHeadException extends IOException {

    private static final long serialVersionUID = 1;

    LargeHeadException(int size, int allowed) {
        super("The request's head has " + size + " bytes, and the upstream takes " + allowed);
    }
}

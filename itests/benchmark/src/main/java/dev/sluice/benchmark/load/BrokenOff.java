package dev.sluice.benchmark.load;

import java.io.IOException;

/** A request that wasn't answered to the end. */
final class BrokenOff extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;

    BrokenOff(int status, Exception cause) {
        super(cause);
        this.status = status;
    }

    /** {@return the answer's status; 0 if not so much of it has come} */
    int status() {
        return status;
    }
}

package dev.sluice.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/** Ports for what can't be asked which it has bound. */
public final class Ports {

    private Ports() {}

    /** {@return a port that is free now; another process may take it meanwhile} */
    public static int free() {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

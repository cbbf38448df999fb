package dev.sluice.container;

import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Keeps four lines of warning off the terminal of every start on JDK 24 and newer: Felix 7.0.5 calls
 * {@code sun.misc.Unsafe} once, when {@code SecureAction} is initialised, and no manifest or configuration can permit
 * that. Where the call is refused one day, Felix falls back to what the manifest's {@code Add-Opens} allow. To be dropped
 * with the first framework that doesn't call it.
 */
final class UnsafeWarning {

    private UnsafeWarning() {}

    /** Initialises the class in question with standard error closed. To be called before any other thread runs. */
    static void avoid() {
        PrintStream terminal = System.err;
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        try {
            Class.forName("org.apache.felix.framework.util.SecureAction");
        } catch (ClassNotFoundException e) {
            // Another framework, without the problem.
        } finally {
            System.setErr(terminal);
        }
    }
}

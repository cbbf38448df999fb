package dev.sluice.container;

/** What the process ends with; documented in docs/configuration.md. */
final class ExitCode {

    /** Stopped in good order. */
    static final int STOPPED = 0;

    /** Could not start, or a bundle of the container failed. */
    static final int FAILURE = 1;

    /** Wrong option, environment variable or file entry. */
    static final int USAGE = 2;

    /** The framework was told from inside to restart: whoever supervises the process should start it again. */
    static final int RESTART = 3;

    /** A bundle didn't come to an end of its stop, long after the drain: ended without it. */
    static final int STUCK = 4;

    /** Added to the number of a signal that ended the process at once. */
    static final int SIGNAL = 128;

    private ExitCode() {}
}

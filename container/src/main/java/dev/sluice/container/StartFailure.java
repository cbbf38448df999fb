package dev.sluice.container;

/**
 * The container can't start, for a reason that its user can do something about. The message says what is wrong and what to
 * do, in one line; it's all that is printed.
 */
public final class StartFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private StartFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** {@return a failure that stems from what the container was told on the command line, the environment or the file} */
    public static StartFailure usage(String message) {
        return new StartFailure(ExitCode.USAGE, message + " (see --help)", null);
    }

    /** {@return a failure that stems from the state of the machine: a port, a folder} */
    public static StartFailure environment(String message) {
        return new StartFailure(ExitCode.FAILURE, message, null);
    }

    /** {@return a failure inside the container, whose cause goes to a file} */
    public static StartFailure internal(String message, Throwable cause) {
        return new StartFailure(ExitCode.FAILURE, message, cause);
    }

    /** {@return what the process ends with} */
    public int exitCode() {
        return exitCode;
    }
}

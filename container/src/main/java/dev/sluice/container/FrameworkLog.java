package dev.sluice.container;

import org.apache.felix.framework.Logger;

/**
 * What the framework itself has to say goes the way of all other log records. Felix would print it on standard output,
 * which is the ready line's.
 */
final class FrameworkLog extends Logger {

    @Override
    protected void doLog(int level, String message, Throwable cause) {
        // java.util.logging behind it, which the logging bundle takes over as soon as it runs.
        System.getLogger("org.apache.felix.framework").log(levelOf(level), message, cause);
    }

    private static System.Logger.Level levelOf(int level) {
        return switch (level) {
            case LOG_ERROR -> System.Logger.Level.ERROR;
            case LOG_WARNING -> System.Logger.Level.WARNING;
            case LOG_INFO -> System.Logger.Level.INFO;
            default -> System.Logger.Level.DEBUG;
        };
    }
}

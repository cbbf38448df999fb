package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * What a bundle leaves in the loggers of {@code java.util.logging}. Handlers are taken away and not closed: closing one runs the
 * bundle's code, after its end.
 */
public final class LogHandlers implements Search {

    private static final List<Level> STANDARD = List.of(
            Level.OFF, Level.SEVERE, Level.WARNING, Level.INFO, Level.CONFIG, Level.FINE, Level.FINER, Level.FINEST);

    private static final String REMEDY = "set it back to what it was when you stop";

    /** Made for the list of searches. */
    public LogHandlers() {}

    @Override
    public String name() {
        return "log.handlers";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        if (Look.has("java.logging")) {
            LogManager manager = LogManager.getLogManager();
            if (look.owns(manager)) {
                look.found(Kind.LOG_HANDLER, "the JVM's LogManager", "don't set java.util.logging.manager");
            } else {
                for (String name : Collections.list(manager.getLoggerNames())) {
                    Logger logger = manager.getLogger(name);
                    if (logger != null) {
                        logger(look, logger, name.isEmpty() ? "the root logger" : "logger \"" + name + '"');
                    }
                }
            }
        }
        return look.end();
    }

    private static void logger(Look look, Logger logger, String name) {
        if (look.owns(logger)) {
            // Its methods may be the bundle's.
            look.found(Kind.LOG_HANDLER, name + " is a " + logger.getClass().getName(), "use Logger.getLogger");
            return;
        }
        for (Handler handler : logger.getHandlers()) {
            if (look.owns(handler)) {
                String what = "handler " + handler.getClass().getName() + " of " + name;
                look.found(Kind.LOG_HANDLER, what, "call Logger.removeHandler when you stop", () -> {
                    logger.removeHandler(handler);
                    return "removed log " + what + ", which was left there";
                });
            } else {
                handler(look, handler, "handler " + handler.getClass().getName() + " of " + name);
            }
        }
        if (look.owns(logger.getFilter())) {
            var filter = logger.getFilter();
            String what = "filter " + filter.getClass().getName() + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                if (logger.getFilter() == filter) {
                    logger.setFilter(null);
                }
                return "removed log " + what + ", which was left there";
            });
        }
        if (look.owns(logger.getLevel())) {
            Level level = logger.getLevel();
            String what = "level " + level.getClass().getName() + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                logger.setLevel(standard(level));
                return "replaced log " + what + " by the standard level below it";
            });
        }
        if (look.owns(logger.getResourceBundle())) {
            look.found(
                    Kind.LOG_HANDLER,
                    "resource bundle " + logger.getResourceBundle().getClass().getName() + " of " + name,
                    "give resource bundles to loggers of your own names alone, and hold those loggers in no place that stays");
        }
    }

    private static void handler(Look look, Handler handler, String name) {
        var filter = handler.getFilter();
        if (look.owns(filter)) {
            String what = "filter " + filter.getClass().getName() + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                if (handler.getFilter() == filter) {
                    handler.setFilter(null);
                }
                return "removed log " + what + ", which was left there";
            });
        }
        Level level = handler.getLevel();
        if (look.owns(level)) {
            String what = "level " + level.getClass().getName() + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                handler.setLevel(standard(level));
                return "replaced log " + what + " by the standard level below it";
            });
        }
        // Neither has a null for "none", and what it was before nobody knows.
        for (Object part : new Object[] {handler.getFormatter(), handler.getErrorManager()}) {
            if (look.owns(part)) {
                look.found(Kind.LOG_HANDLER, part.getClass().getName() + " of " + name, REMEDY);
            }
        }
    }

    /** {@return the next standard level that lets as much through, or more: {@code intValue} is final, and no code of the bundle} */
    private static Level standard(Level level) {
        return STANDARD.stream()
                .filter(one -> one.intValue() <= level.intValue())
                .findFirst()
                .orElse(Level.ALL);
    }
}

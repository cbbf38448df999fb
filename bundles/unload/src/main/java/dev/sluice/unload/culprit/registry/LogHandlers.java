package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * What a bundle leaves in the loggers of {@code java.util.logging}. Handlers are taken away and not closed: closing one runs the
 * bundle's code, after its end.
 */
public final class LogHandlers implements Search {

    private static final String REMOVE = "call Logger.removeHandler when you stop";
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
            look.found(Kind.LOG_HANDLER, name + " is " + Wording.aType(logger), "use Logger.getLogger");
            return;
        }
        for (Handler handler : logger.getHandlers()) {
            String what = "handler " + Wording.type(handler) + " of " + name;
            if (!look.owns(handler)) {
                handler(look, handler, what);
            } else if (Look.overrides(handler, Object.class, "equals", Object.class)) {
                // To take it away, it would be asked which of the handlers it equals.
                look.found(Kind.LOG_HANDLER, what + " with an equals of its own", REMOVE);
            } else {
                look.found(Kind.LOG_HANDLER, what, REMOVE, () -> {
                    logger.removeHandler(handler);
                    return "removed log " + what + ", which was left there";
                });
            }
        }
        // A logger takes both without a lock that we could have, so another that is set within the few instructions
        // between our
        // second look and the setting would be lost.
        filter(look, name, logger, logger::getFilter, logger::setFilter);
        level(look, name, logger, logger::getLevel, logger::setLevel);
        if (look.owns(logger.getResourceBundle())) {
            look.found(
                    Kind.LOG_HANDLER,
                    "resource bundle " + Wording.type(logger.getResourceBundle()) + " of " + name,
                    "give resource bundles to loggers of your own names alone, and hold those loggers in no place that stays");
        }
    }

    private static void handler(Look look, Handler handler, String name) {
        // A handler is the lock of its own setters.
        filter(look, name, handler, handler::getFilter, handler::setFilter);
        level(look, name, handler, handler::getLevel, handler::setLevel);
        // Neither has a null for "none", and what it was before nobody knows.
        for (Object part : new Object[] {handler.getFormatter(), handler.getErrorManager()}) {
            if (look.owns(part)) {
                look.found(Kind.LOG_HANDLER, Wording.type(part) + " of " + name, REMEDY);
            }
        }
    }

    private static void filter(Look look, String name, Object lock, Supplier<Filter> now, Consumer<Filter> set) {
        Filter filter = now.get();
        if (look.owns(filter)) {
            String what = "filter " + Wording.type(filter) + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                boolean done = replace(lock, now, filter, set, null);
                return (done ? "removed log " : "found set anew log ") + what + ", which was left there";
            });
        }
    }

    private static void level(Look look, String name, Object lock, Supplier<Level> now, Consumer<Level> set) {
        Level level = now.get();
        if (look.owns(level)) {
            String what = "level " + Wording.type(level) + " of " + name;
            look.found(Kind.LOG_HANDLER, what, REMEDY, () -> {
                boolean done = replace(lock, now, level, set, standard(level));
                return done
                        ? "replaced log " + what + " by the standard level below it"
                        : "found set anew log " + what + ", which was left there";
            });
        }
    }

    /** Looks again before it sets: the next version may have set its own meanwhile. */
    private static <T> boolean replace(Object lock, Supplier<T> now, T expected, Consumer<T> set, T other) {
        synchronized (lock) {
            boolean still = now.get() == expected;
            if (still) {
                set.accept(other);
            }
            return still;
        }
    }

    /** {@return the next standard level that lets as much through, or more: {@code intValue} is final, and no code of the bundle} */
    private static Level standard(Level level) {
        // Made here: a class that has levels in its statics can't be initialized without the module.
        return Stream.of(
                        Level.OFF,
                        Level.SEVERE,
                        Level.WARNING,
                        Level.INFO,
                        Level.CONFIG,
                        Level.FINE,
                        Level.FINER,
                        Level.FINEST)
                .filter(one -> one.intValue() <= level.intValue())
                .findFirst()
                .orElse(Level.ALL);
    }
}

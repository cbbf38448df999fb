package dev.sluice.unload.managed;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;

/** What a class logs while this is open. */
final class Said extends Handler implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Object> objects = new CopyOnWriteArrayList<>();

    Said(Class<?> speaker) {
        logger = Logger.getLogger(speaker.getName());
        logger.addHandler(this);
    }

    List<String> lines() {
        return lines;
    }

    /** {@return what the records hold besides texts} */
    List<Object> objects() {
        return objects;
    }

    @Override
    public void publish(LogRecord logged) {
        Stream.concat(
                        Stream.ofNullable(logged.getThrown()),
                        Stream.ofNullable(logged.getParameters()).flatMap(Stream::of))
                .filter(object -> !(object instanceof String))
                .forEach(objects::add);
        lines.add(logged.getLevel() + " " + new SimpleFormatter().formatMessage(logged));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

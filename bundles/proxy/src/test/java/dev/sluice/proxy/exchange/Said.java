package dev.sluice.proxy.exchange;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** What exchanges log while it is open. */
final class Said extends Handler implements AutoCloseable {

    private final Logger logger = Logger.getLogger(Exchange.class.getName());
    private final List<String> lines = new CopyOnWriteArrayList<>();

    Said() {
        logger.addHandler(this);
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void publish(LogRecord logged) {
        lines.add(logged.getLevel() + " " + new SimpleFormatter().formatMessage(logged));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        logger.removeHandler(this);
    }
}

package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.PlaceOverride;
import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' overrides that are in force, from {@code conf/dev.sluice.middleware-<any>.cfg}.
 *
 * <p>They aren't components of their own, because nobody could say when the last of them is there: requests that are admitted
 * before it would run on a chain without it. What ConfigurationAdmin holds is read here at once, and nothing is {@link
 * #whenKnown opened} before. The listener is registered before the first reading, and each event has all of the present state
 * read and not what the event says; so whatever the order, the last reading is of the last state. A reading that fails is
 * tried again by itself: no event may follow.
 */
final class Overrides implements ConfigurationListener {

    static final String PID = "dev.sluice.middleware";

    private static final Logger LOG = LoggerFactory.getLogger(Overrides.class);

    private static final String ALL =
            "(|(" + Constants.SERVICE_PID + "=" + PID + ")(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + PID + "))";

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final OverrideBook book;
    private final Supplier<Duration> settle;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final Consumer<Map<String, PlaceOverride>> chain;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile List<String> alarms = List.of();

    // Guarded by this, and so is the book.
    private ConfigurationAdmin source;
    private Future<?> next = CompletableFuture.completedFuture(null);
    private boolean unreadable;
    private boolean closed;

    /**
     * Knows none yet.
     *
     * @param book says which are in force
     * @param settle for how long a file must stay away until what it said is in force no longer
     * @param nanoTime a monotonic clock
     * @param timer runs what is due later
     * @param chain takes all overrides, by middleware, whenever one may have changed
     */
    Overrides(
            OverrideBook book,
            Supplier<Duration> settle,
            LongSupplier nanoTime,
            ScheduledExecutorService timer,
            Consumer<Map<String, PlaceOverride>> chain) {
        this.book = book;
        this.settle = settle;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.chain = chain;
    }

    /** Takes all that is there into force, now and at each change. */
    void readFrom(ConfigurationAdmin admin) {
        synchronized (this) {
            source = admin;
        }
        read();
    }

    /** What is in force stays: that nobody can tell of changes is no change. */
    synchronized void forget(ConfigurationAdmin admin) {
        if (source == admin) {
            source = null;
        }
    }

    /** Reads nothing any more. What is in force stays. */
    synchronized void close() {
        closed = true;
        next.cancel(false);
    }

    /** Runs an action as soon as the overrides are in force: at once, unless they couldn't be read yet. */
    void whenKnown(Runnable action) {
        if (!known.isDone()) {
            LOG.warn("the operator's overrides aren't known yet: requests are admitted when they are");
        }
        known.thenRun(action);
    }

    /** {@return what operators have to mend, as sentences} */
    List<String> alarms() {
        return alarms;
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (PID.equals(event.getPid()) || PID.equals(event.getFactoryPid())) {
            read();
        }
    }

    private void read() {
        boolean complete;
        synchronized (this) {
            if (closed || source == null) {
                return;
            }
            try {
                book.read(
                        present(),
                        !known.isDone(),
                        nanoTime.getAsLong(),
                        settle.get().toNanos());
            } catch (IOException | IllegalStateException e) {
                unreadable(e);
                return;
            }
            unreadable = false;
            alarms = book.alarms();
            chain.accept(book.inForce());
            complete = book.isKnown();
            scheduleLapse();
        }
        // Outside of the lock: it has requests admitted.
        if (complete) {
            known.complete(null);
        }
    }

    /** The disk fails, or the service goes at this moment. */
    private void unreadable(Exception e) {
        String then = known.isDone() ? "what was in force stays" : "no requests are admitted before they can";
        if (!unreadable) {
            LOG.error(
                    "the operator's overrides can't be read, and {}: look at the disk that has data/config. It is tried"
                            + " again each second",
                    then,
                    e);
        }
        unreadable = true;
        alarms = Stream.concat(
                        Stream.of("The operator's overrides can't be read (" + e + "), and " + then
                                + ". Look at the disk that has data/config."),
                        book.alarms().stream())
                .toList();
        schedule(AGAIN_NANOS);
    }

    private void scheduleLapse() {
        next.cancel(false);
        long now = nanoTime.getAsLong();
        // One that is due and hasn't lapsed waits for another file to be mended, and that brings an event.
        book.nextLapse(settle.get().toNanos()).stream()
                .map(at -> at - now)
                .filter(delay -> delay > 0)
                .forEach(this::schedule);
    }

    private void schedule(long delay) {
        next.cancel(false);
        next = timer.schedule(this::read, delay, TimeUnit.NANOSECONDS);
    }

    /** {@return each configuration's properties by its PID} */
    private Map<String, Map<String, Object>> present() throws IOException {
        try {
            Map<String, Map<String, Object>> present = new TreeMap<>();
            Configuration[] found = source.listConfigurations(ALL);
            for (Configuration one : found == null ? new Configuration[0] : found) {
                try {
                    Dictionary<String, Object> properties = one.getProperties();
                    if (properties != null) {
                        present.put(one.getPid(), map(properties));
                    }
                } catch (IllegalStateException deletedMeanwhile) {
                    // The others are there all the same, and of this one no more may be told.
                }
            }
            return present;
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Map<String, Object> map(Dictionary<String, Object> properties) {
        Map<String, Object> map = new HashMap<>();
        for (Enumeration<String> keys = properties.keys(); keys.hasMoreElements(); ) {
            String key = keys.nextElement();
            map.put(key, properties.get(key));
        }
        return map;
    }
}

package dev.sluice.chain.conf;

import java.io.IOException;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * The operators' files of one kind, {@code conf/<PID>-<any>.cfg}, and what is in force by them.
 *
 * <p>They aren't components of their own, because nobody could say when the last of them is there: requests that are admitted
 * before it would run on a chain without it. What ConfigurationAdmin holds is read here at once, and nothing is {@link
 * #whenKnown opened} before. The listener is registered before the first reading, and each event has all of the present state
 * read and not what the event says; so whatever the order, the last reading is of the last state. A reading that fails is
 * tried again by itself: no event may follow.
 */
final class OperatorFiles implements ConfigurationListener {

    /** A kind of files: the PID of its factory, and how operators call what is in them. */
    enum Kind {
        OVERRIDES("dev.sluice.middleware", "overrides"),
        TRAFFIC("dev.sluice.traffic", "traffic rules");

        private final String pid;
        private final String word;

        Kind(String pid, String word) {
            this.pid = pid;
            this.word = word;
        }

        private String filter() {
            return "(|(" + Constants.SERVICE_PID + "=" + pid + ")(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + pid
                    + "))";
        }
    }

    /** What is made of the files. Used by one thread at a time. */
    interface Book {

        /**
         * Takes a state of the files into account, and into force.
         *
         * @param present each file's properties by its PID
         * @param starting whether no request has been admitted yet
         * @param now what a monotonic clock shows
         * @param settle for how many nanoseconds a file must stay away until what it said is in force no longer
         */
        void read(Map<String, Map<String, Object>> present, boolean starting, long now, long settle);

        /** {@return when what a file has said lapses next, on the monotonic clock; empty if no file is gone} */
        OptionalLong nextLapse(long settle);

        /** {@return whether requests may be admitted with what is known} */
        boolean isKnown();

        /** {@return what operators have to mend, as sentences} */
        List<String> alarms();
    }

    private static final Logger LOG = LoggerFactory.getLogger(OperatorFiles.class);

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Kind kind;
    private final Book book;
    private final Supplier<Duration> settle;
    private final LongSupplier nanoTime;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    // Guarded by this, and so is the book.
    private ConfigurationAdmin source;
    private Future<?> next = CompletableFuture.completedFuture(null);
    /** Says that they can't be read; empty while they can. */
    private Optional<String> unreadable = Optional.empty();

    private boolean closed;

    /**
     * Knows none yet.
     *
     * @param kind which files
     * @param book says what is in force by them
     * @param settle for how long a file must stay away until what it said is in force no longer
     * @param nanoTime a monotonic clock
     * @param timer runs what is due later
     */
    OperatorFiles(
            Kind kind, Book book, Supplier<Duration> settle, LongSupplier nanoTime, ScheduledExecutorService timer) {
        this.kind = kind;
        this.book = book;
        this.settle = settle;
        this.nanoTime = nanoTime;
        this.timer = timer;
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

    /** Runs an action as soon as what the files say is in force: at once, unless they couldn't be read yet. */
    void whenKnown(Runnable action) {
        if (!known.isDone()) {
            LOG.warn("the operator's {} aren't known yet: requests are admitted when they are", kind.word);
        }
        known.thenRun(action);
    }

    /** {@return what operators have to mend, as sentences} */
    synchronized List<String> alarms() {
        return Stream.concat(unreadable.stream(), book.alarms().stream()).toList();
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (kind.pid.equals(event.getPid()) || kind.pid.equals(event.getFactoryPid()) || isUnreadable()) {
            read();
        }
    }

    /** What happens to another configuration then tells that the disk may be back. */
    private synchronized boolean isUnreadable() {
        return unreadable.isPresent();
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
            unreadable = Optional.empty();
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
        if (unreadable.isEmpty()) {
            LOG.error(
                    "the operator's {} can't be read, and {}: look at the disk that has data/config. It is tried again"
                            + " each second",
                    kind.word,
                    then,
                    e);
        }
        unreadable = Optional.of("The operator's " + kind.word + " can't be read (" + e + "), and " + then
                + ". Look at the disk that has data/config.");
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
            Configuration[] found = source.listConfigurations(kind.filter());
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

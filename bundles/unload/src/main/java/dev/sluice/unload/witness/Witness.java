package dev.sluice.unload.witness;

import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.culprit.Search;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Comes to verdicts, on a thread of its own. Safe to call from any thread. */
public final class Witness implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

    private static final long END_MILLIS = 2_000;

    /** All searches for a thousand that leave at once take less. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(2);

    /** After a mistake of our own: not at once again, and not never. */
    private static final long AFTER_FAILURE_MILLIS = 1_000;

    private final Inbox inbox;
    private final Probe probe;
    private final Tracker tracker;
    private final List<Consumer<UnloadView>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(null, this::run, "sluice-unload", 0, false);
    private final LongSupplier nanos;
    private volatile boolean closed;

    /** When the step began that is under way; empty while there is none. */
    private volatile Optional<Long> begun = Optional.empty();

    /**
     * @param inbox where what leaves is told
     * @param rules what an operator has set
     * @param nanos the clock that measures, in nanoseconds
     * @param searches all that there are, in the order in which they are run
     */
    public Witness(Inbox inbox, Supplier<Rules> rules, LongSupplier nanos, List<Search> searches) {
        this.inbox = inbox;
        this.nanos = nanos;
        this.probe = new Probe(Collections.ofThisJvm(), nanos);
        this.tracker = new Tracker(
                inbox.collected(), rules, nanos, new Inquiry(searches), probe, SoftReference::new, this::changed);
        // What it inherits would be kept, and it may be started by anybody.
        thread.setContextClassLoader(Witness.class.getClassLoader());
        thread.setDaemon(true);
    }

    /** Begins to watch. */
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                inbox.await(step());
            }
        } catch (InterruptedException e) {
            // The end was asked for.
            Thread.currentThread().interrupt();
        } finally {
            probe.stop();
        }
    }

    /** {@return how long to wait, in milliseconds; 0 for ever} */
    private long step() {
        begun = Optional.of(nanos.getAsLong());
        try {
            long wait = tracker.step(inbox.take());
            return wait == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(wait) + 1;
        } catch (RuntimeException | Error e) {
            // Also when memory has run short: else there would be no verdict any more.
            LOG.error("The verdicts on what has left can't be brought up to date", e);
            return AFTER_FAILURE_MILLIS;
        } finally {
            begun = Optional.empty();
        }
    }

    /** {@return what is wrong if no verdict has come for long, as a sentence that says what to do} */
    public Optional<String> alarm() {
        return begun.map(since -> Duration.ofNanos(nanos.getAsLong() - since))
                .filter(passed -> passed.compareTo(LONGEST_STEP) > 0)
                .map(passed -> "There has been no verdict on what has left for " + passed.toSeconds()
                        + " s, as a search hangs: see where the thread sluice-unload is (jcmd <pid> Thread.print), and"
                        + " restart the container");
    }

    private void changed(Verdict before, UnloadView view) {
        Journal.tell(before, view);
        for (Consumer<UnloadView> listener : listeners) {
            try {
                listener.accept(view);
            } catch (RuntimeException e) {
                LOG.warn("A listener for verdicts failed", e);
            }
        }
    }

    /** The rules may be others now. */
    public void rulesChanged() {
        inbox.wake();
    }

    /** {@return those whose verdict isn't final, and the last of the others; what left last comes first} */
    public List<UnloadView> view() {
        return tracker.view();
    }

    /**
     * Hears of each change of a verdict.
     *
     * @return ends it
     */
    public AutoCloseable listen(Consumer<UnloadView> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Ends the thread, and asks for no more collections. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

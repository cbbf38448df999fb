package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import dev.sluice.unload.culprit.Search;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /** After a mistake of our own: not at once again, and not never. */
    private static final long AFTER_FAILURE_MILLIS = 1_000;

    private static final int MOST_FAILURES = 20;

    private final Inbox inbox;
    private final Probe probe;
    private final Tracker tracker;
    private final List<Consumer<UnloadView>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(null, this::run, "sluice-unload", 0, false);
    /** Those that were told. Of the one thread. */
    private final Set<String> failures = new HashSet<>();

    private volatile boolean closed;

    /**
     * @param inbox where what leaves is told
     * @param rules what an operator has set
     * @param nanos the clock that measures, in nanoseconds
     * @param searches all that there are, in the order in which they are run
     */
    public Witness(Inbox inbox, Supplier<Rules> rules, LongSupplier nanos, List<Search> searches) {
        this.inbox = inbox;
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

    /** Nothing that is thrown ends it: an error may be of one moment, and without this thread there is no verdict any more. */
    private void run() {
        try {
            while (!closed) {
                goOn();
            }
        } catch (InterruptedException e) {
            // The end was asked for.
            Thread.currentThread().interrupt();
        } finally {
            probe.stop();
        }
    }

    private void goOn() throws InterruptedException {
        try {
            inbox.await(step());
        } catch (RuntimeException | Error e) {
            told(e);
            inbox.await(AFTER_FAILURE_MILLIS);
        }
    }

    /** {@return how long to wait, in milliseconds; 0 for ever} */
    private long step() {
        long wait = tracker.step(inbox.take());
        return wait == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(wait) + 1;
    }

    /** As text, and each once: it may come again each second. */
    private void told(Throwable thrown) {
        try {
            StringBuilder text = new StringBuilder(thrown.getClass().getName());
            for (StackTraceElement frame : thrown.getStackTrace()) {
                text.append("\n\tat ").append(frame);
            }
            if (failures.size() < MOST_FAILURES && failures.add(text.toString())) {
                LOG.error("The verdicts on what has left can't be brought up to date; it is tried again: {}", text);
            }
        } catch (RuntimeException | Error e) {
            // There is no memory for the text either, as it is. The next time, then.
            return;
        }
    }

    /** {@return what keeps verdicts from coming, in sentences that say what to do} */
    public List<String> alarms() {
        List<String> alarms = new ArrayList<>(tracker.alarms());
        if (!closed && !thread.isAlive()) {
            alarms.add(
                    "No verdicts on what has left come any more, as the thread sluice-unload has ended: restart the container");
        }
        return List.copyOf(alarms);
    }

    private void changed(Verdict before, UnloadView view) {
        Journal.tell(before, view);
        for (Consumer<UnloadView> listener : listeners) {
            try {
                listener.accept(view);
            } catch (RuntimeException | Error e) {
                LOG.warn("A listener for verdicts failed", e);
            }
        }
    }

    /**
     * Says that strong references lead to a class loader.
     *
     * @param number the unload's number
     * @param nanos when that was so, by the clock that measures
     * @param culprit what they start from
     */
    public void held(long number, long nanos, Culprit culprit) {
        inbox.held(new Held(number, nanos, culprit));
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

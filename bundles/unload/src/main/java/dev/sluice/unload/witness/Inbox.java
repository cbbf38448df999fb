package dev.sluice.unload.witness;

import dev.sluice.unload.Departure;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What the tracker has yet to hear. Any thread puts something in; one takes it out, and waits at one place for that, for
 * collections, and for the time: on the queue of references, where who puts something in enqueues a reference of its own.
 */
public final class Inbox {

    private final InstantSource clock;
    private final LongSupplier nanos;
    private final AtomicLong numbers = new AtomicLong();
    private final Queue<Left> left = new ConcurrentLinkedQueue<>();
    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

    /**
     * @param clock the time of day, for people to read
     * @param nanos the clock that measures, in nanoseconds
     */
    public Inbox(InstantSource clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Something has left. */
    Watched left(
            ClassLoader loader,
            Users users,
            Canary canary,
            long bundleId,
            String symbolicName,
            String version,
            Optional<Departure> departure) {
        Instant since = clock.instant();
        Watched watched = new Watched(loader, numbers.incrementAndGet(), collected);
        left.add(
                new Left(watched, users, canary, bundleId, symbolicName, version, departure, since, nanos.getAsLong()));
        wake();
        return watched;
    }

    /** A heap dump says what holds something that has left. */
    void held(Held seen) {
        held.add(seen);
        wake();
    }

    /** {@return the number of the last that left; 0 if none did} */
    long last() {
        return numbers.get();
    }

    /** Has the one who waits look again. */
    void wake() {
        new PhantomReference<>(this, collected).enqueue();
    }

    ReferenceQueue<Object> collected() {
        return collected;
    }

    /**
     * What the tracker hasn't heard yet.
     *
     * @param left what has left
     * @param held what heap dumps say
     */
    record News(List<Left> left, List<Held> held) {}

    /** {@return what has come since it was asked last} */
    News take() {
        // In this order: what is held has left before.
        List<Held> seen = all(held);
        return new News(all(left), seen);
    }

    private static <T> List<T> all(Queue<T> queue) {
        List<T> taken = new ArrayList<>();
        for (T one = queue.poll(); one != null; one = queue.poll()) {
            taken.add(one);
        }
        return taken;
    }

    /**
     * Waits until there is something, or a collection, or for so long.
     *
     * @param millis for how long at most; 0 for ever
     */
    void await(long millis) throws InterruptedException {
        if (collected.remove(millis) != null) {
            // What came at the same time is looked at in one go.
            while (collected.poll() != null) {
                continue;
            }
        }
    }
}

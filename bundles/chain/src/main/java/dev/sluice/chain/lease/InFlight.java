package dev.sluice.chain.lease;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The register of the requests that are in the chain now, so that stuck ones can be named.
 *
 * <p>A request takes a free slot of an array near a place that its thread's id picks, so that threads seldom meet; if it
 * finds none within a few steps it goes into a set. The register never decides anything: whether a unit is drained, the
 * {@link LeaseGate} tells. So a reader may see a request that has just gone, or miss one that has just come.
 *
 * @param <T> what stands for a request
 */
public final class InFlight<T> {

    private static final int SLOTS = 4096;
    private static final int TRIES = 8;
    /** Eight slots of four or eight bytes lie between two tries: another cache line. */
    private static final int STEP = 17;

    private static final int IN_SET = -1;

    private final AtomicReferenceArray<T> slots = new AtomicReferenceArray<>(SLOTS);
    private final Set<T> more = ConcurrentHashMap.newKeySet();

    /**
     * Registers a request.
     *
     * @param request the request
     * @return the slot it got, for {@link #remove}
     */
    public int add(T request) {
        int slot = (int) (Thread.currentThread().getId() * 0x9E3779B97F4A7C15L >>> 32) & (SLOTS - 1);
        for (int i = 0; i < TRIES; i++, slot = (slot + STEP) & (SLOTS - 1)) {
            if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, request)) {
                return slot;
            }
        }
        more.add(request);
        return IN_SET;
    }

    /**
     * Removes a request.
     *
     * @param request the request
     * @param slot what {@link #add} returned for it
     */
    public void remove(T request, int slot) {
        if (slot == IN_SET) {
            more.remove(request);
        } else {
            slots.setRelease(slot, null);
        }
    }

    /**
     * Shows every registered request.
     *
     * @param reader called for each
     */
    public void forEach(Consumer<? super T> reader) {
        for (int slot = 0; slot < SLOTS; slot++) {
            T request = slots.getAcquire(slot);
            if (request != null) {
                reader.accept(request);
            }
        }
        more.forEach(reader);
    }
}

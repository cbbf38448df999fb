package dev.sluice.deployer.trial;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * Lets only so many begin at the same time, in the order in which they came. Safe for any thread. What begins runs outside
 * of the lock, on the thread that came with it or that gave a turn back, so it may come here again.
 */
final class Turns {

    private final Deque<BooleanSupplier> waiting = new ArrayDeque<>();
    private int free;

    /** @param limit how many may have a turn at the same time */
    Turns(int limit) {
        this.free = limit;
    }

    /**
     * Queues up.
     *
     * @param begin run at its turn; tells whether it takes it. If so, {@link #giveBack} is owed once
     */
    void queue(BooleanSupplier begin) {
        synchronized (this) {
            waiting.add(begin);
        }
        callUp();
    }

    void giveBack() {
        synchronized (this) {
            free++;
        }
        callUp();
    }

    private void callUp() {
        while (true) {
            BooleanSupplier next;
            synchronized (this) {
                if (free == 0 || waiting.isEmpty()) {
                    return;
                }
                free--;
                next = waiting.remove();
            }
            if (!next.getAsBoolean()) {
                synchronized (this) {
                    free++;
                }
            }
        }
    }
}

package dev.sluice.benchmark.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A slot for each thread, which the thread alone raises as it enters: no atomic addition there, only a volatile write. What is
 * given back is counted in a word of its own beside it, by an atomic addition, as another thread may do that. A slot is never
 * given to another thread: enough for a benchmark, whose threads are few; a container's would have to be.
 */
final class Epochs implements Counter {

    static final int MOST_THREADS = 64;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    /** Slots lie 128 bytes apart, as the gate's stripes do; within one, entries and exits have a cache line each. */
    private static final int STRIDE = 16;

    private static final int EXITS = 8;

    private final long[] words = new long[(MOST_THREADS + 2) * STRIDE];
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadLocal<Integer> slot = ThreadLocal.withInitial(this::next);

    private int next() {
        int number = threads.getAndIncrement();
        if (number >= MOST_THREADS) {
            throw new IllegalStateException("more than " + MOST_THREADS + " threads: raise MOST_THREADS");
        }
        return (number + 1) * STRIDE;
    }

    @Override
    public int enter() {
        int own = slot.get();
        // Nobody else writes it. Volatile, as the snapshot is looked at again after that.
        WORD.setVolatile(words, own, words[own] + 1);
        return own;
    }

    @Override
    public void leave(int token) {
        WORD.getAndAdd(words, token + EXITS, 1L);
    }

    /** Exits first: an entry that came before its exit was counted is then seen, too. */
    @Override
    public boolean isEmpty() {
        long exits = 0;
        for (int at = STRIDE; at <= MOST_THREADS * STRIDE; at += STRIDE) {
            exits += (long) WORD.getVolatile(words, at + EXITS);
        }
        long entries = 0;
        for (int at = STRIDE; at <= MOST_THREADS * STRIDE; at += STRIDE) {
            entries += (long) WORD.getVolatile(words, at);
        }
        return entries == exits;
    }
}

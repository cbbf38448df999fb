package dev.sluice.benchmark.gate;

import java.util.concurrent.atomic.LongAdder;

/** The JDK's striped counter. Its sum can be below the truth, so it could not guard a drain: here for its speed only. */
final class Adder implements Counter {

    private final LongAdder count = new LongAdder();

    @Override
    public int enter() {
        count.increment();
        return 0;
    }

    @Override
    public void leave(int token) {
        count.decrement();
    }

    @Override
    public boolean isEmpty() {
        return count.sum() == 0;
    }
}

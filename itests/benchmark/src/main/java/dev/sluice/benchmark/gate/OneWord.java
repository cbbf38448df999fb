package dev.sluice.benchmark.gate;

import java.util.concurrent.atomic.AtomicLong;

/** One atomic word for all threads: the simplest that is right. */
final class OneWord implements Counter {

    private final AtomicLong count = new AtomicLong();

    @Override
    public int enter() {
        count.getAndIncrement();
        return 0;
    }

    @Override
    public void leave(int token) {
        count.getAndDecrement();
    }

    @Override
    public boolean isEmpty() {
        return count.get() == 0;
    }
}

package dev.sluice.heap.leaks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A class of the bundle that leaks: the loader of {@link Leaks} defines it anew. */
public class Leaky implements Runnable {

    private final CountDownLatch parked;

    public Leaky(CountDownLatch parked) {
        this.parked = parked;
    }

    /** {@return an object that has this one} */
    public Object inner() {
        return new Inner();
    }

    @Override
    public void run() {
        parked.countDown();
        while (parked.getCount() == 0) {
            LockSupport.park(this);
        }
    }

    private final class Inner {
        @Override
        public String toString() {
            return "of " + Leaky.this.parked;
        }
    }
}

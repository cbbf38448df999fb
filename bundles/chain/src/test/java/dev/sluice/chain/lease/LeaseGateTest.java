package dev.sluice.chain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LeaseGateTest {

    private final LeaseGate gate = new LeaseGate();
    private final AtomicInteger told = new AtomicInteger();

    @Test
    void isEmptyUntilSomebodyEntersAndAfterTheLastLeaves() {
        assertThat(gate.isEmpty()).isTrue();
        int first = gate.enter();
        int second = gate.enter();
        gate.leave(first);
        assertThat(gate.isEmpty()).isFalse();
        gate.leave(second);
        assertThat(gate.isEmpty()).isTrue();
    }

    @Test
    void tellsAtOnceWhenItIsRetiredEmpty() {
        gate.leave(gate.enter());
        gate.retire(told::incrementAndGet);
        assertThat(told).hasValue(1);
    }

    @Test
    void tellsWhenTheLastLeaseIsGivenBackAndNotBefore() {
        int first = gate.enter();
        int second = gate.enter();
        gate.retire(told::incrementAndGet);
        gate.leave(second);
        assertThat(told).hasValue(0);
        gate.leave(first);
        assertThat(told).hasValue(1);
    }

    @Test
    void tellsNobodyBeforeItIsRetired() {
        gate.leave(gate.enter());
        assertThat(told).hasValue(0);
    }

    @Test
    void spreadsThreadsOverStripesAndCountsEachLeaseWhereItWasTaken() throws Exception {
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            Thread thread = new Thread(() -> tokens.add(gate.enter()));
            thread.start();
            thread.join();
        }
        assertThat(tokens.stream().distinct()).hasSizeGreaterThan(1);
        gate.retire(told::incrementAndGet);
        tokens.subList(1, 64).forEach(gate::leave);
        assertThat(told).hasValue(0);
        gate.leave(tokens.get(0));
        assertThat(told).hasValue(1);
    }

    /** The whole protocol, by many threads: no retired gate tells that it is empty while a lease that passed is held. */
    @Test
    @Timeout(60)
    void neverTellsThatARetiredGateIsEmptyUnderALease() throws Exception {
        record Generation(LeaseGate gate, AtomicBoolean drained) {
            Generation() {
                this(new LeaseGate(), new AtomicBoolean());
            }
        }
        var current = new Object() {
            volatile Generation generation = new Generation();
        };
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger violations = new AtomicInteger();
        AtomicInteger passed = new AtomicInteger();
        ConcurrentLinkedQueue<Runnable> elsewhere = new ConcurrentLinkedQueue<>();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            running.add(threads.submit(() -> {
                for (int n = 0; !stop.get(); n++) {
                    Generation taken = current.generation;
                    int token = taken.gate().enter();
                    if (current.generation != taken) {
                        taken.gate().leave(token);
                        continue;
                    }
                    passed.incrementAndGet();
                    Runnable leave = () -> {
                        if (taken.drained().get()) {
                            violations.incrementAndGet();
                        }
                        taken.gate().leave(token);
                    };
                    // Every second lease is given back by another thread, and later.
                    if ((n + number) % 2 == 0) {
                        elsewhere.add(leave);
                    } else {
                        leave.run();
                    }
                    Runnable another = elsewhere.poll();
                    if (another != null) {
                        another.run();
                    }
                }
            }));
        }
        List<Generation> retired = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        while (System.nanoTime() < end) {
            Generation before = current.generation;
            current.generation = new Generation();
            before.gate().retire(() -> before.drained().set(true));
            retired.add(before);
        }
        stop.set(true);
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
        elsewhere.forEach(Runnable::run);
        assertThat(violations).hasValue(0);
        assertThat(passed).hasPositiveValue();
        assertThat(retired)
                .as("every retired gate has told in the end")
                .allMatch(generation -> generation.drained().get());
    }

    @Test
    @Timeout(30)
    void tellsThoughTheLastOnesLeaveTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < 20_000; round++) {
                LeaseGate each = new LeaseGate();
                CountDownLatch empty = new CountDownLatch(1);
                CountDownLatch entered = new CountDownLatch(2);
                for (int i = 0; i < 2; i++) {
                    threads.execute(() -> {
                        int token = each.enter();
                        entered.countDown();
                        each.leave(token);
                    });
                }
                entered.await();
                each.retire(empty::countDown);
                assertThat(empty.await(10, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}

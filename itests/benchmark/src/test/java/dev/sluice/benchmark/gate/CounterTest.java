package dev.sluice.benchmark.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of something that counts wrong would be worth nothing. */
@Timeout(30)
class CounterTest {

    @ParameterizedTest
    @ValueSource(strings = {"Stripes", "OneWord", "Adder", "Epochs"})
    void isEmptyWhenAllHaveLeftAndNotBefore(String by) throws Exception {
        Counter counter = GateBenchmark.counter(by);
        int held = counter.enter();
        int threads = 4;
        CyclicBarrier together = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    together.await();
                    for (int n = 0; n < 10_000; n++) {
                        counter.leave(counter.enter());
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(counter.isEmpty()).as("while one is held").isFalse();
        counter.leave(held);
        assertThat(counter.isEmpty()).isTrue();
    }
}

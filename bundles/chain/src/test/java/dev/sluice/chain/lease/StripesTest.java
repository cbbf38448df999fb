package dev.sluice.chain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StripesTest {

    private final Stripes stripes = new Stripes();

    @Test
    void areZeroUntilSomethingIsAddedAndWhenItIsTakenAwayWhereItWas() {
        assertThat(stripes.areZero()).isTrue();
        int stripe = Stripes.own();
        stripes.add(stripe, 3);
        assertThat(stripes.areZero()).isFalse();
        assertThat(stripes.sum()).isEqualTo(3);
        stripes.add(stripe, -3);
        assertThat(stripes.areZero()).isTrue();
    }

    /** One stripe's debt against another's lease: that is what a sum can't tell from nothing. */
    @Test
    void arentZeroThoughTheirSumIs() throws Exception {
        List<Integer> some = eachThreadsOwn(64);
        int one = some.get(0);
        int other = some.stream().filter(stripe -> stripe != one).findFirst().orElseThrow();
        stripes.add(one, 1);
        stripes.add(other, -1);
        assertThat(stripes.sum()).isZero();
        assertThat(stripes.areZero()).isFalse();
    }

    @Test
    void liveInCacheLinesOfTheirOwn() throws Exception {
        List<Integer> places = eachThreadsOwn(256).stream().distinct().sorted().toList();
        assertThat(places).hasSizeGreaterThan(1);
        for (int i = 1; i < places.size(); i++) {
            assertThat((places.get(i) - places.get(i - 1)) * Long.BYTES).isGreaterThanOrEqualTo(128);
        }
        assertThat(places.get(0) * Long.BYTES).isGreaterThanOrEqualTo(128);
    }

    /** To one of them: apart they don't meet. */
    @Test
    void loseNothingThatManyThreadsAdd() throws Exception {
        int each = 100_000;
        int stripe = Stripes.own();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    for (int i = 0; i < each; i++) {
                        stripes.add(stripe, 1);
                        // Or a compiler could make one addition of all.
                        Thread.onSpinWait();
                    }
                }))
                .limit(8)
                .toList();
        threads.forEach(Thread::start);
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(stripes.sum()).isEqualTo(8L * each);
    }

    private static List<Integer> eachThreadsOwn(int threads) throws InterruptedException {
        List<Integer> stripes = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> stripes.add(Stripes.own()));
            thread.start();
            thread.join();
        }
        return stripes;
    }
}

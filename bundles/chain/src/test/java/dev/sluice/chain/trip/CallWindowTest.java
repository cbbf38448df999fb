package dev.sluice.chain.trip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripRules.Mode;
import dev.sluice.chain.trip.CallWindow.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CallWindowTest {

    private static final TripRules RULES =
            new TripRules(Mode.STANDBY, 50, Duration.ofSeconds(10), 20, Duration.ofSeconds(5));

    private final FakeTime time = new FakeTime();
    private final CallWindow window = new CallWindow(time::nanoTime, RULES);

    private void succeed(int times) {
        for (int i = 0; i < times; i++) {
            window.succeeded();
        }
    }

    private Optional<Count> fail(int times) {
        Optional<Count> last = Optional.empty();
        for (int i = 0; i < times; i++) {
            last = window.failed();
        }
        return last;
    }

    @Test
    void isPassedWhenTheShareIsReached() {
        succeed(15);
        assertThat(fail(14)).isEmpty();
        assertThat(fail(1)).contains(new Count(30, 15));
    }

    @Test
    void isNotPassedByFewCallsThoughAllFail() {
        assertThat(fail(19)).isEmpty();
        assertThat(fail(1)).contains(new Count(20, 20));
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        assertThat(fail(19)).isEmpty();
        time.advance(Duration.ofSeconds(10));
        assertThat(fail(19)).isEmpty();
        assertThat(fail(1)).contains(new Count(20, 20));
    }

    @Test
    void remembersWhatIsNotQuiteThatOld() {
        fail(19);
        time.advance(Duration.ofMillis(8_999));
        assertThat(fail(1)).contains(new Count(20, 20));
    }

    @Test
    void countsGoodTimesOnlyAsFarBackAsItReaches() {
        for (int second = 0; second < 100; second++) {
            succeed(100);
            time.advance(Duration.ofSeconds(1));
        }
        // 900 good ones are left of the last nine seconds.
        assertThat(fail(899)).isEmpty();
        assertThat(fail(1)).contains(new Count(1800, 900));
    }

    @Test
    void survivesAPauseOfManyWindows() {
        fail(19);
        time.advance(Duration.ofHours(30));
        succeed(20);
        assertThat(fail(19)).isEmpty();
        assertThat(fail(1)).contains(new Count(40, 20));
    }

    /** Threads that come to a new tenth at the same time must end up with one and the same. */
    @Test
    void losesNoCallWhenManyThreadsTurnItOver() throws Exception {
        AtomicLong now = new AtomicLong();
        CallWindow shared =
                new CallWindow(now::get, new TripRules(Mode.STANDBY, 100, Duration.ofSeconds(10), 1, Duration.ZERO));
        int threads = 4;
        int rounds = 2_000;
        CyclicBarrier together = new CyclicBarrier(
                threads, () -> now.addAndGet(Duration.ofSeconds(1).toNanos()));
        List<Thread> running = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            Thread thread = new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    await(together);
                    shared.failed();
                }
            });
            running.add(thread);
            thread.start();
        }
        for (Thread thread : running) {
            thread.join();
        }
        // Ten tenths with one call of each thread, and this one.
        assertThat(shared.failed()).contains(new Count(10 * threads + 1, 10 * threads + 1));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.sluice.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.Ejection;
import dev.sluice.proxy.upstream.Standing.Began;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StandingTest {

    private static final Duration TIME = Duration.ofSeconds(10);

    private long now = Long.MAX_VALUE - 5; // a monotonic clock may begin anywhere, and run over
    private final Standing standing = new Standing(new Ejection(3, TIME), () -> now);

    @Test
    void failures_in_a_row_eject() {
        fail();
        fail();
        assertThat(standing.admits()).isTrue();

        assertThat(standing.failed(standing.begin())).contains(TIME);

        assertThat(standing.admits()).isFalse();
        assertThat(standing.isEjected()).isTrue();
    }

    @Test
    void it_is_ejected_until_its_time_is_up_and_not_until_the_next_request() {
        fail();
        fail();
        fail();

        now += TIME.toNanos();

        assertThat(standing.isEjected()).isFalse();
    }

    @Test
    void a_success_in_between_begins_the_count_anew() {
        fail();
        fail();
        succeed();
        fail();
        fail();

        assertThat(standing.admits()).isTrue();
    }

    @Test
    void what_is_abandoned_counts_as_nothing() {
        fail();
        fail();
        standing.abandoned(standing.begin());
        fail();

        assertThat(standing.admits()).isFalse();
    }

    @Test
    void when_the_time_is_up_one_request_probes_it() {
        eject();
        pass(TIME.minusNanos(1));
        assertThat(standing.admits()).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(standing.admits()).isTrue();

        standing.begin();
        assertThat(standing.admits()).isFalse();
        assertThat(standing.isEjected()).isTrue();
    }

    @Test
    void a_probe_that_goes_well_brings_it_back() {
        eject();
        pass(TIME);

        assertThat(standing.succeeded(standing.begin())).isTrue();

        assertThat(standing.isEjected()).isFalse();
        assertThat(standing.admits()).isTrue();
    }

    @Test
    void a_probe_that_fails_ejects_it_for_twice_as_long_and_at_most_for_five_minutes() {
        eject();
        List<Duration> times = new ArrayList<>();
        Duration last = TIME;
        for (int i = 0; i < 7; i++) {
            pass(last.minusNanos(1));
            assertThat(standing.admits()).isFalse();
            pass(Duration.ofNanos(1));
            assertThat(standing.admits()).isTrue();
            last = standing.failed(standing.begin()).orElseThrow();
            times.add(last);
        }

        assertThat(times).extracting(Duration::toSeconds).containsExactly(20L, 40L, 80L, 160L, 300L, 300L, 300L);
    }

    @Test
    void after_it_was_back_the_next_ejection_is_as_long_as_the_first() {
        eject();
        pass(TIME);
        standing.failed(standing.begin());
        pass(TIME.multipliedBy(2));
        succeed();
        fail();
        fail();

        assertThat(standing.failed(standing.begin())).contains(TIME);
    }

    @Test
    void a_longer_time_than_five_minutes_is_kept() {
        Standing patient = new Standing(new Ejection(1, Duration.ofMinutes(10)), () -> now);

        assertThat(patient.failed(patient.begin())).contains(Duration.ofMinutes(10));
        pass(Duration.ofMinutes(10));
        assertThat(patient.failed(patient.begin())).contains(Duration.ofMinutes(10));
    }

    @Test
    void a_probe_that_is_abandoned_leaves_the_next_request_to_probe() {
        eject();
        pass(TIME);

        standing.abandoned(standing.begin());

        assertThat(standing.admits()).isTrue();
    }

    @Test
    void a_probe_that_takes_its_time_is_not_waited_for_for_ever() {
        eject();
        pass(TIME);
        Began download = standing.begin();
        pass(TIME.minusNanos(1));
        assertThat(standing.admits()).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(standing.admits()).isTrue();

        assertThat(standing.failed(download)).contains(TIME.multipliedBy(2));
        assertThat(standing.admits()).isFalse();
    }

    @Test
    void what_began_before_the_ejection_says_nothing_about_it() {
        Began slow = standing.begin();
        Began slowToo = standing.begin();
        eject();

        assertThat(standing.succeeded(slow)).isFalse();
        assertThat(standing.failed(slowToo)).isEmpty();

        assertThat(standing.isEjected()).isTrue();
        pass(TIME);
        assertThat(standing.admits()).isTrue();
    }

    @Test
    void what_began_in_an_ejection_says_nothing_about_what_came_after_it() {
        eject();
        Began allTheSame = standing.begin();
        pass(TIME);
        Began slowProbe = standing.begin();
        pass(TIME);
        assertThat(standing.failed(standing.begin())).contains(TIME.multipliedBy(2));

        assertThat(standing.failed(slowProbe)).isEmpty();

        pass(TIME.multipliedBy(2));
        succeed();
        fail();
        fail();
        assertThat(standing.failed(allTheSame)).isEmpty();
        assertThat(standing.admits()).isTrue();
    }

    @Test
    void a_request_that_went_there_all_the_same_brings_it_back_if_it_goes_well_and_else_is_no_probe() {
        eject();
        assertThat(standing.failed(standing.begin())).isEmpty();
        assertThat(standing.failed(standing.begin())).isEmpty();
        pass(TIME);
        assertThat(standing.admits()).isTrue();
        pass(TIME.negated());

        assertThat(standing.succeeded(standing.begin())).isTrue();
        assertThat(standing.admits()).isTrue();
    }

    @Test
    void with_zero_failures_it_never_is() {
        Standing never = new Standing(new Ejection(0, TIME), () -> now);
        for (int i = 0; i < 100; i++) {
            assertThat(never.failed(never.begin())).isEmpty();
        }

        assertThat(never.admits()).isTrue();
        assertThat(never.isEjected()).isFalse();
    }

    @Test
    void of_many_that_fail_at_once_one_ejects_and_of_many_that_come_at_once_one_probes() throws Exception {
        int threads = 4;
        for (int round = 0; round < 200; round++) {
            Standing shared = new Standing(new Ejection(threads, TIME), () -> now);
            AtomicInteger ejections = new AtomicInteger();
            together(threads, () -> shared.failed(shared.begin()).ifPresent(time -> ejections.incrementAndGet()));
            assertThat(ejections).hasValue(1);

            pass(TIME);
            AtomicInteger probes = new AtomicInteger();
            together(threads, () -> {
                if (shared.begin().probe()) {
                    probes.incrementAndGet();
                }
            });
            assertThat(probes).hasValue(1);
        }
    }

    private static void together(int threads, Runnable run) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                run.run();
            });
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
    }

    private void eject() {
        fail();
        fail();
        fail();
        assertThat(standing.admits()).isFalse();
    }

    private void fail() {
        standing.failed(standing.begin());
    }

    private void succeed() {
        standing.succeeded(standing.begin());
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}

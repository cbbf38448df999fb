package dev.sluice.chain.trip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Trip;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.Logged;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripRules.Mode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShuttingSwitchTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final TripRules RULES =
            new TripRules(Mode.ON, 50, Duration.ofSeconds(10), 20, Duration.ofSeconds(5));

    private final FakeTime time = new FakeTime();
    private final ShuttingSwitch it = of(Optional.empty());

    private ShuttingSwitch of(Optional<Trip> earlier) {
        return new ShuttingSwitch("auth 2.0.0 (bundle 7)", RULES, time::nanoTime, InstantSource.fixed(NOW), earlier);
    }

    private void call(boolean succeeds) {
        assertThat(it.permits()).isTrue();
        end(it, succeeds);
    }

    private static void end(ShuttingSwitch it, boolean succeeds) {
        if (succeeds) {
            it.succeeded();
        } else {
            it.failed();
        }
    }

    private void open() {
        for (int i = 0; i < 20; i++) {
            call(false);
        }
    }

    @Test
    void opensWithItsFiguresAndSaysSoOnce() {
        try (Logged logged = new Logged(ShuttingSwitch.class.getName())) {
            for (int i = 0; i < 10; i++) {
                call(true);
            }
            for (int i = 0; i < 9; i++) {
                call(false);
            }
            assertThat(it.trip()).isEmpty();
            call(false);
            assertThat(it.permits()).isFalse();
            assertThat(it.trip()).contains(new Trip(NOW, 20, 10, Duration.ofSeconds(10)));
            it.failed(); // one that was on its way
            assertThat(logged.records())
                    .singleElement()
                    .asString()
                    .contains("auth 2.0.0 (bundle 7)", "10 of 20 calls", "503", "5000 ms");
        }
    }

    @Test
    void staysShutForItsPauseAndThenLetsFewProbe() {
        open();
        time.advance(Duration.ofSeconds(5));
        assertThat(it.permits()).isFalse();
        time.advance(Duration.ofMillis(1));
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            assertThat(it.permits()).isTrue();
        }
        assertThat(it.permits()).isFalse();
        assertThat(it.trip()).as("while it is probed").isPresent();
    }

    @Test
    void closesWhenItsProbesSucceedAndForgetsWhatWas() {
        open();
        time.advance(Duration.ofMillis(5_001));
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            call(true);
        }
        assertThat(it.trip()).isEmpty();
        for (int i = 0; i < 19; i++) {
            call(false);
        }
        assertThat(it.trip()).as("19 calls are too few again").isEmpty();
        call(false);
        assertThat(it.permits()).isFalse();
    }

    @Test
    void staysShutForAnotherPauseWhenItsProbesFail() {
        open();
        time.advance(Duration.ofMillis(5_001));
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            call(false);
        }
        assertThat(it.permits()).isFalse();
        time.advance(Duration.ofSeconds(5));
        assertThat(it.permits()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(it.permits()).isTrue();
    }

    @Test
    void letsOthersProbeWhenProbesDoNotComeBack() {
        open();
        time.advance(Duration.ofMillis(5_001));
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            assertThat(it.permits()).isTrue();
        }
        time.advance(Duration.ofMillis(5_001));
        assertThat(it.permits()).as("this one finds out").isFalse();
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            call(true);
        }
        assertThat(it.trip()).isEmpty();
    }

    @Test
    void isProbedFirstAfterAnEarlierTrip() {
        Trip earlier = new Trip(NOW, 30, 20, Duration.ofSeconds(10));
        ShuttingSwitch half = of(Optional.of(earlier));
        assertThat(half.trip()).contains(earlier);
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            assertThat(half.permits()).isTrue();
        }
        assertThat(half.permits()).isFalse();
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            half.succeeded();
        }
        assertThat(half.permits()).isTrue();
        assertThat(half.trip()).isEmpty();
    }

    @Test
    void isClosedByAReset() {
        open();
        it.reset();
        assertThat(it.permits()).isTrue();
        assertThat(it.trip()).isEmpty();
    }

    @Test
    void opensOnceWhenManyThreadsFailTogether() throws Exception {
        try (Logged logged = new Logged(ShuttingSwitch.class.getName())) {
            CountDownLatch go = new CountDownLatch(1);
            AtomicInteger refused = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                Thread thread = new Thread(() -> {
                    await(go);
                    for (int i = 0; i < 1_000; i++) {
                        if (it.permits()) {
                            it.failed();
                        } else {
                            refused.incrementAndGet();
                        }
                    }
                });
                threads.add(thread);
                thread.start();
            }
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(logged.records()).as("records of having tripped").hasSize(1);
            assertThat(refused.get()).isPositive();
            assertThat(it.trip()).isPresent();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

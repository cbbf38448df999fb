package dev.sluice.unload.witness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProbeTest {

    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(1);
    private int begun;
    private Optional<String> hindered = Optional.empty();

    private final Probe probe = new Probe(
            new Collections() {
                @Override
                public void begin() {
                    begun++;
                }

                @Override
                public void end() {
                    // Nothing was changed.
                }

                @Override
                public long count() {
                    return 0;
                }

                @Override
                public Optional<String> hindered() {
                    return hindered;
                }
            },
            nanos::get);

    @Test
    void inVainItAsksEverMoreSeldom() {
        pass(Duration.ofHours(1));
        assertThat(begun).isBetween(8, 16);
        int before = begun;
        pass(Duration.ofHours(1));
        assertThat(begun - before).as("every ten minutes").isBetween(5, 7);
    }

    @Test
    void onceItHasBroughtSomethingTheIntervalCountsAgain() {
        pass(Duration.ofHours(1));
        begun = 0;
        probe.fruitful();
        pass(Duration.ofSeconds(25));
        assertThat(begun).isBetween(2, 3);
    }

    @Test
    void whereAskingDoesNotHelpNobodyIsAsked() {
        hindered = HinderedCollections.by(Set.of("UseG1GC", "ClassUnloading")::contains);
        assertThat(hindered.orElseThrow()).contains("-XX:-ClassUnloadingWithConcurrentMark");
        pass(Duration.ofHours(1));
        assertThat(begun).isZero();
    }

    @Test
    void onlyOptionsThatKeepClassLoadersHinder() {
        assertThat(HinderedCollections.by(
                        Set.of("UseG1GC", "ClassUnloading", "ClassUnloadingWithConcurrentMark", "DisableExplicitGC")
                                ::contains))
                .as("G1 needs no explicit ones")
                .isEmpty();
        assertThat(HinderedCollections.by(Set.of("UseSerialGC", "ClassUnloading", "DisableExplicitGC")::contains))
                .isPresent();
        assertThat(HinderedCollections.by(Set.of("UseSerialGC", "ClassUnloading")::contains))
                .isEmpty();
        assertThat(HinderedCollections.by(Set.of("UseG1GC", "ClassUnloadingWithConcurrentMark")::contains))
                .isPresent();
        assertThat(HinderedCollections.ofThisJvm())
                .as("this JVM, which has none of them")
                .isEmpty();
    }

    /** A second at a time. */
    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            probe.pause();
            probe.tell(true, INTERVAL);
        }
    }
}

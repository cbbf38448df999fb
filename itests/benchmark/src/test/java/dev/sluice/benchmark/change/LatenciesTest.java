package dev.sluice.benchmark.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static final Duration AFTER = Duration.ofSeconds(3);

    @Test
    void areFromTheFinishedCopyToTheFirstAnswer() {
        Latencies latencies = Latencies.of(complete(1000, 2000), Map.of("1", 1100L, "2", 2010L), AFTER);

        assertThat(latencies.millis()).containsExactly(10L, 100L);
        assertThat(latencies.neverSeen()).isZero();
    }

    /** Else the slowest would be missing, and who is too slow for each second version were as fast as with the others. */
    @Test
    void ofVersionsNeverSeenAreAsLongAsTheyWereLookedFor() {
        Latencies latencies = Latencies.of(complete(1000, 2000, 3500, 4500), Map.of("1", 1010L, "3", 3600L), AFTER);

        assertThat(latencies.millis()).containsExactly(10L, 100L, 1500L, 3000L);
        assertThat(latencies.neverSeen()).isEqualTo(2);
    }

    @Test
    void areNotBelowZeroWhereTheClockIsReadLate() {
        assertThat(Latencies.of(complete(1000), Map.of("1", 999L), AFTER).millis())
                .containsExactly(0L);
    }

    private static Map<String, Long> complete(long... times) {
        Map<String, Long> complete = new LinkedHashMap<>();
        for (long time : times) {
            complete.put("" + (complete.size() + 1), time);
        }
        return complete;
    }

    @Test
    void haveQuantilesThatWereMeasured() {
        Map<String, Long> complete = new LinkedHashMap<>();
        Map<String, Long> seen = new LinkedHashMap<>();
        for (int i = 1; i <= 100; i++) {
            complete.put("" + i, 0L);
            seen.put("" + i, (long) i);
        }
        Latencies latencies = Latencies.of(complete, seen, AFTER);

        assertThat(latencies.quantile(50)).isEqualTo(50);
        assertThat(latencies.quantile(95)).isEqualTo(95);
        assertThat(latencies.quantile(100)).isEqualTo(100);
    }
}

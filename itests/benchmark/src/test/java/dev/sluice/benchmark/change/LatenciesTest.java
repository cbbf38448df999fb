package dev.sluice.benchmark.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    @Test
    void areFromTheFinishedCopyToTheFirstAnswer() {
        Latencies latencies = Latencies.of(Map.of("1", 1000L, "2", 2000L, "3", 3000L), Map.of("1", 1100L, "3", 3010L));

        assertThat(latencies.millis()).containsExactly(10L, 100L);
        assertThat(latencies.neverSeen()).isOne();
    }

    @Test
    void haveQuantilesThatWereMeasured() {
        Map<String, Long> complete = new LinkedHashMap<>();
        Map<String, Long> seen = new LinkedHashMap<>();
        for (int i = 1; i <= 100; i++) {
            complete.put("" + i, 0L);
            seen.put("" + i, (long) i);
        }
        Latencies latencies = Latencies.of(complete, seen);

        assertThat(latencies.quantile(50)).isEqualTo(50);
        assertThat(latencies.quantile(95)).isEqualTo(95);
        assertThat(latencies.quantile(100)).isEqualTo(100);
    }
}

package dev.sluice.benchmark.inside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.Effort;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class InsidePartTest {

    /** What a JVM is allowed to take besides, for its start and for what it fills first. */
    private static final Duration BESIDES = Duration.ofSeconds(3);

    private static int count(int processors) {
        return InsidePart.all(processors, ".*").stream()
                .mapToInt(InsidePart::count)
                .sum();
    }

    @Test
    void countsEachValueOfEachParameterForEachNumberOfThreads() {
        assertThat(count(2)).isEqualTo((5 * 4 + 10 + 2 + 4) + 5 * 5 + 12);
        assertThat(count(8)).isEqualTo(2 * (5 * 4 + 10 + 2 + 4) + 5 * 5 + 12);
        assertThat(InsidePart.all(2, "gate")).extracting(InsidePart::count).containsExactly(0, 4, 4, 4, 4, 4, 0);
    }

    @Test
    void takesAnHourAtTheMost() {
        Effort full = Effort.named("full");
        int count = count(8);

        assertThat(InsidePart.least(count, full).plus(BESIDES.multipliedBy((long) count * full.forks())))
                .isLessThanOrEqualTo(Duration.ofMinutes(60));
    }

    @Test
    void saysHowManyThereAre() {
        assertThat(InsidePart.described(List.of(new InsidePart("\\.PublishBenchmark\\.", 1)), Effort.named("full")))
                .startsWith("12 benchmarks")
                .contains("60 starts");
    }
}

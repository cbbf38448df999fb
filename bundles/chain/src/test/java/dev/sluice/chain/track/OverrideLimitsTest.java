package dev.sluice.chain.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.limit.Limits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits as operators write them. */
class OverrideLimitsTest {

    @Test
    void areRead() {
        OverrideReading reading = new OverrideReading(OverrideFixture.properties(
                "m", "name", "m", "concurrency.limit", "5", "deadline", "500ms", "deadline.interrupt", "TRUE"));
        assertThat(reading.faults()).isEmpty();
        Limits limits = reading.read().override().limits();
        assertThat(limits).isEqualTo(new Limits(Optional.of(5), Optional.of(Duration.ofMillis(500)), true));
        assertThat(limits).hasToString("concurrency.limit 5, deadline 500ms, deadline.interrupt true");
    }

    @ParameterizedTest
    @CsvSource({
        "concurrency.limit, 0",
        "concurrency.limit, -1",
        "concurrency.limit, many",
        "deadline, 0s",
        "deadline, 5",
        "deadline, soon",
        "deadline.interrupt, yes"
    })
    void aFileWithAMistakeIsNotTaken(String key, String value) {
        OverrideReading reading = new OverrideReading(OverrideFixture.properties("m", "name", "m", key, value));
        assertThat(reading.faults()).singleElement().asString().contains(value);
    }
}

package dev.sluice.chain.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.snapshot.PlaceOverride;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Limits as operators write them. */
class OverrideLimitsTest {

    @Test
    void areRead() {
        Limits limits = OverrideFixture.with(
                        "m", Map.of("concurrency.limit", "5", "deadline", "500ms", "deadline.interrupt", "TRUE"))
                .override()
                .limits();
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
        OperatorOverride override = OverrideFixture.with("m", Map.of(key, value));
        assertThat(override.name()).isEmpty();
        assertThat(override.override()).isEqualTo(PlaceOverride.NONE);
    }
}

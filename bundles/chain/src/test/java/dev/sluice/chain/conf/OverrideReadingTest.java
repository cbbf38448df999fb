package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.fixture.OverrideFixture;
import dev.sluice.chain.limit.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Overrides as operators write them. */
class OverrideReadingTest {

    @Test
    void limitsAreRead() {
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

    /** As the console, or a {@code .config} file, may write them. */
    @Test
    void typedValuesAreTaken() {
        OverrideReading reading = new OverrideReading(
                Map.of("name", "m", "ranking", 7, "enabled", false, "paths", new String[] {"/a", "/b/*"}));
        assertThat(reading.faults()).isEmpty();
        assertThat(reading.read().override().ranking()).contains(7);
        assertThat(reading.read().override().enabled()).isFalse();
        assertThat(reading.read().override().paths().orElseThrow()).hasSize(2);
    }
}

package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "2s, PT2S", "' 5 m ', PT5M", "1h, PT1H", "0s, PT0S", "999999999h, PT999999999H"})
    void a_number_and_a_unit_are_read(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5d", "-1s", "1.5s", "1s2s", "9999999999s"})
    void anything_else_is_refused_with_what_may_be_written(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("500ms or 2s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "500ms", "1500ms", "90s", "2m", "3h"})
    void it_is_written_as_operators_write_it(String text) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }

    @Test
    void it_is_written_in_the_largest_unit_that_says_it_wholly() {
        assertThat(Durations.format(Duration.ofMinutes(60))).isEqualTo("1h");
        assertThat(Durations.format(Duration.ofSeconds(61))).isEqualTo("61s");
    }
}

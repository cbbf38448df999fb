package dev.sluice.unload.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.unload.RootPath;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is configured, and what the program prints. */
class ExplainSettingsTest {

    @Test
    void memoryIsASizeOrChosenByTheDump() {
        assertThat(ExplainSettings.memory("512m")).hasValue(512L << 20);
        assertThat(ExplainSettings.memory(" 2 G ")).hasValue(2L << 30);
        assertThat(ExplainSettings.memory("auto")).isEmpty();
        assertThat(ExplainSettings.DEFAULT.memoryFor(300L << 20)).isEqualTo(164L << 20);
        assertThat(ExplainSettings.DEFAULT.memoryFor(300L << 30)).as("capped").isEqualTo(2L << 30);
        assertThat(new ExplainSettings(OptionalLong.of(64L << 20), Duration.ofMinutes(1)).memoryFor(1L << 40))
                .isEqualTo(64L << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "512", "much", "-1m", "1m", "0g"})
    void whatIsNoMemorySaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> ExplainSettings.memory(text)).hasMessageContaining("write auto");
    }

    @Test
    void aTimeoutIsMoreThanNothing() {
        assertThat(ExplainSettings.timeout("10m")).isEqualTo(Duration.ofMinutes(10));
        assertThatThrownBy(() -> ExplainSettings.timeout("0s")).hasMessageContaining("1s");
    }

    @Test
    void pathsAreReadAsTheyWerePrinted() {
        List<RootPath> paths = PathLines.read(List.of(
                "SOFT",
                "ROOT\tthread \"a\"",
                "STEP\t\tjava.lang.Thread\t\tother",
                "STEP\tfield b\tacme.Leaky\tacme.leaky 1.0.0\town",
                "ROOT\tclass of the JVM",
                "STEP\t\tclass java.lang.String\t\tother"));
        assertThat(paths).hasSize(2);
        assertThat(paths.get(0).lines())
                .containsExactly(
                        "thread \"a\"",
                        "   java.lang.Thread",
                        "=> field b: acme.Leaky  [acme.leaky 1.0.0]  <= here it enters the bundle");
        assertThat(PathLines.read(List.of())).isEmpty();
        assertThatThrownBy(() -> PathLines.read(List.of("Picked up options"))).hasMessageContaining("Picked up");
    }
}

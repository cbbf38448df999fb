package dev.sluice.unload.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.unload.RootPath;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is configured, and what the program prints. */
class ExplainSettingsTest {

    @Test
    void memoryIsWhatIsConfiguredOrChosenByTheDump() {
        assertThat(ExplainSettings.DEFAULT.memoryFor(300L << 20)).isEqualTo(289L << 20);
        assertThat(ExplainSettings.DEFAULT.memoryFor(300L << 30)).as("capped").isEqualTo(2L << 30);
        assertThat(new ExplainSettings(100, Duration.ofMinutes(1)).memoryFor(1L << 40))
                .isEqualTo(100L << 20);
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

package dev.sluice.chain.track;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.conf.ChainConfiguration;
import dev.sluice.chain.fixture.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

    @TempDir
    private Path kept;

    private static void take(Settings settings, Map<String, String> written) {
        settings.take(Keys.of(ChainConfiguration.class, written), written);
    }

    @Test
    void whatCannotBeKeptIsAnAlarmUntilItIs() throws IOException {
        Path inTheWay = Files.createDirectory(kept.resolve("dev.sluice.chain.properties.tmp"));
        Settings settings = new Settings(kept);
        take(settings, Map.of("service.pid", "dev.sluice.chain", "chain.required", "auth"));
        settings.saveAgain();
        assertThat(settings.alarms())
                .singleElement()
                .asString()
                .contains("What conf/dev.sluice.chain.cfg says is in force, but can't be kept");

        Files.delete(inTheWay);
        settings.saveAgain();
        assertThat(settings.alarms()).isEmpty();
        Settings restarted = new Settings(kept);
        take(restarted, Map.of());
        assertThat(restarted.now().required()).containsExactly("auth");
    }
}

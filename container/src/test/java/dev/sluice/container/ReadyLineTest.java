package dev.sluice.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.container.options.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadyLineTest {

    @Test
    void it_has_the_ports_that_were_bound() {
        Settings settings = new Settings(
                Path.of("home"),
                "0.0.0.0",
                0,
                Optional.empty(),
                200,
                "127.0.0.1",
                0,
                Optional.empty(),
                Duration.ZERO,
                Duration.ZERO);

        assertThat(ReadyLine.of("1.2.3", 812, settings, 41000, 41001))
                .isEqualTo("Sluice 1.2.3 ready in 812 ms | http://localhost:41000"
                        + " | admin http://127.0.0.1:41001/system/console");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, http://localhost:80",
        "::, http://localhost:80",
        "::1, http://[::1]:80",
        "10.1.2.3, http://10.1.2.3:80"
    })
    void the_url_can_be_clicked(String host, String url) {
        assertThat(ReadyLine.url(host, 80)).isEqualTo(url);
    }
}

package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsBookTest {

    private static final String FILE = Settings.PID + ".cfg";

    @TempDir
    Path home;

    private long nanos;

    private boolean lookAfter(SettingsBook book, long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        return book.look();
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve(FILE), text);
    }

    @Test
    void aFileThatIsAsItWasBeforeItWasDamagedIsNoAlarmThoughNobodyTellsOfIt() throws IOException {
        write("start.timeout=2s");
        Map<String, String> written = Map.of("start.timeout", "2s", "service.pid", Settings.PID);
        SettingsBook book =
                new SettingsBook(home.resolve("data"), new UnreadFiles(home, () -> Set.of(FILE), () -> nanos));
        book.take(Written.of(written), written);
        assertThat(book.alarms()).isEmpty();

        write("start.timeout=\\u00zz");
        lookAfter(book, 1);
        assertThat(lookAfter(book, 5)).isTrue();
        assertThat(book.alarms()).singleElement().asString().contains("can't be read");

        write("start.timeout=2s");
        assertThat(lookAfter(book, 1)).as("it may say something else").isFalse();
        assertThat(book.alarms()).hasSize(1);
        assertThat(lookAfter(book, 6)).isTrue();
        assertThat(book.alarms()).isEmpty();
        assertThat(book.settings().startTimeout()).hasSeconds(2);
    }
}

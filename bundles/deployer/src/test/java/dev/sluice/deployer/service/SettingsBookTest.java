package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsBookTest {

    private static final String FILE = Settings.PID + ".cfg";

    @TempDir
    Path home;

    private long nanos;
    private Optional<String> unreadOfChain = Optional.empty();

    private boolean lookAfter(SettingsBook book, long seconds) {
        nanos += TimeUnit.SECONDS.toNanos(seconds);
        return book.look();
    }

    private SettingsBook book(Set<String> taken) {
        return new SettingsBook(
                home.resolve("data"), new UnreadFiles(home, () -> taken, () -> nanos), () -> unreadOfChain);
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve(FILE), text);
    }

    @Test
    void aFileThatIsAsItWasBeforeItWasDamagedIsNoAlarmThoughNobodyTellsOfIt() throws IOException {
        write("start.timeout=2s");
        Map<String, String> written = Map.of("start.timeout", "2s", "service.pid", Settings.PID);
        SettingsBook book = book(Set.of(FILE));
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

    @Test
    void defaultsThatNobodyHasWrittenDoNotStayInForceForAFirstFileThatIsDamaged() throws IOException {
        for (int start = 0; start < 2; start++) {
            SettingsBook without = book(Set.of());
            without.take(Written.of(Map.of()), Map.of());
            assertThat(without.settings().integrity().unread()).isEmpty();
            assertThat(without.alarms()).isEmpty();
        }

        SettingsBook running = book(Set.of());
        running.take(Written.of(Map.of()), Map.of());
        write("deploy.signature=\\u12 required");
        lookAfter(running, 1);
        assertThat(lookAfter(running, 5)).isTrue();
        assertThat(running.settings().integrity().unread()).get().asString().contains("can't be read");

        SettingsBook restarted = book(Set.of());
        restarted.take(Written.of(Map.of()), Map.of());
        assertThat(restarted.settings().integrity().unread()).isPresent();
        assertThat(restarted.alarms()).singleElement().asString().contains("so nothing new is let in");
    }

    @Test
    void defaultsThatNobodyHasWrittenDoNotStayInForceForAFirstFileThatIsMisspelt() {
        book(Set.of()).take(Written.of(Map.of()), Map.of());
        Map<String, String> misspelt = Map.of("deploy.signature", "requierd", "service.pid", Settings.PID);
        SettingsBook book = book(Set.of(FILE));
        book.take(Written.of(misspelt), misspelt);
        assertThat(book.settings().integrity().unread()).isPresent();
    }

    @Test
    void whileItIsNotKnownWhatTheChainRequiresNothingNewIsLetIn() {
        SettingsBook book = book(Set.of());
        book.take(Written.of(Map.of()), Map.of());
        assertThat(book.look()).isFalse();

        unreadOfChain = Optional.of("chain.requried is not a key");
        assertThat(book.look()).isTrue();
        assertThat(book.look()).isFalse();
        assertThat(book.settings().integrity().unread())
                .contains("nothing new is let in, as it isn't known by which rules: chain.requried is not a key");
        assertThat(book.alarms()).as("they are the chain's").isEmpty();

        unreadOfChain = Optional.empty();
        assertThat(book.look()).isTrue();
        assertThat(book.settings().integrity().unread()).isEmpty();
    }
}

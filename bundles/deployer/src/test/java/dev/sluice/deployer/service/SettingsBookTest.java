package dev.sluice.deployer.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void aFileWithAMistakeUnlocksNothingByBeingAway() {
        Map<String, String> first =
                Map.of("deploy.sha256", "required", "deploy.signature", "requird", "service.pid", Settings.PID);
        SettingsBook book = book(Set.of(FILE));
        book.take(Written.of(first), first);
        assertThat(book.settings().integrity().unread()).isPresent();
        for (SettingsBook one : List.of(book, book(Set.of()))) {
            one.take(Written.of(Map.of()), Map.of());
            assertThat(one.settings().integrity().unread()).isPresent();
            assertThat(one.alarms()).singleElement().asString().contains("so nothing new is let in");
        }
        SettingsBook back = book(Set.of(FILE));
        back.take(Written.of(first), first);
        assertThat(back.settings().integrity().unread()).isPresent();
    }

    @Test
    void whatCannotBeKeptIsAnAlarmUntilItIs() throws IOException {
        Path inTheWay = Files.createDirectories(home.resolve("data/settings/" + Settings.PID + ".properties.tmp"));
        Map<String, String> written = Map.of("deploy.signature", "required", "service.pid", Settings.PID);
        SettingsBook book = book(Set.of(FILE));
        book.take(Written.of(written), written);
        assertThat(lookAfter(book, 1)).isFalse();
        assertThat(book.alarms()).singleElement().asString().contains("can't be kept in data/settings/");

        Files.delete(inTheWay);
        assertThat(lookAfter(book, 1)).isTrue();
        assertThat(book.alarms()).isEmpty();
    }

    private Path stray() throws IOException {
        return Files.writeString(home.resolve("dev.sluice.deployer-prod.cfg"), "deploy.signature=required");
    }

    @Test
    void aLonelyFileUnderAWrongNameLetsNothingInUntilWhatIsMeantIsKnown() throws IOException {
        Path stray = stray();
        SettingsBook book = book(Set.of());
        book.take(Written.of(Map.of()), Map.of());
        assertThat(book.settings().integrity().unread())
                .get()
                .asString()
                .contains("conf/dev.sluice.deployer-prod.cfg is read by nobody");
        assertThat(book.alarms())
                .singleElement()
                .asString()
                .contains("so nothing new is let in. Rename it to conf/dev.sluice.deployer.cfg");

        Files.move(stray, home.resolve(FILE));
        lookAfter(book, 1);
        assertThat(book.settings().integrity().unread())
                .as("nobody has read it yet")
                .isPresent();
        Map<String, String> written = Map.of("deploy.signature", "required", "service.pid", Settings.PID);
        book.take(Written.of(written), written);
        assertThat(book.settings().integrity().unread()).isEmpty();
        assertThat(book.alarms()).isEmpty();
    }

    @Test
    void aLonelyFileUnderAWrongNameThatIsTakenOutLocksNothing() throws IOException {
        Path stray = stray();
        SettingsBook book = book(Set.of());
        book.take(Written.of(Map.of()), Map.of());
        Files.delete(stray);
        lookAfter(book, 1);
        assertThat(lookAfter(book, 6)).isTrue();
        assertThat(book.settings().integrity().unread()).isEmpty();
    }

    @Test
    void ofTheChainToo() throws IOException {
        Files.writeString(home.resolve("dev.sluice.chain-prod.cfg"), "chain.required=auth");
        SettingsBook book = book(Set.of());
        book.take(Written.of(Map.of()), Map.of());
        assertThat(book.settings().integrity().unread())
                .get()
                .asString()
                .contains("conf/dev.sluice.chain-prod.cfg is read by nobody");

        Files.createDirectories(home.resolve("data/settings"));
        Files.writeString(home.resolve("data/settings/dev.sluice.chain.properties"), ".file=conf/dev.sluice.chain.cfg");
        assertThat(book.look()).as("the chain has read its own").isTrue();
        assertThat(book.settings().integrity().unread()).isEmpty();
        assertThat(book.alarms()).isEmpty();
    }

    @Test
    void aCopyBesideWhatIsKnownLocksNothing() throws IOException {
        Files.writeString(home.resolve("dev.sluice.deployer-old.cfg"), "deploy.signature=off");
        Map<String, String> written = Map.of("deploy.signature", "required", "service.pid", Settings.PID);
        SettingsBook book = book(Set.of(FILE));
        book.take(Written.of(written), written);
        assertThat(book.settings().integrity().unread()).isEmpty();
        assertThat(book.alarms()).isEmpty();
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

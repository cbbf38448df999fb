package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it isn't known which rules a file asks for, only a file of which all are known makes it known. */
class LockTest {

    private static final String PID = "dev.sluice.deployer";

    private static final SettingsKeys KEYS = new SettingsKeys(
            PID,
            List.of("deploy.sha256", "deploy.signature", "retire.timeout"),
            "deploy",
            Optional.empty(),
            Set.of(),
            false,
            "nothing new is let in");

    private static final Syntax<String> RULE = Syntax.oneOf(
            Map.entry("off", "off"), Map.entry("if-present", "if-present"), Map.entry("required", "required"));

    @TempDir
    private Path folder;

    private InForce book;
    private Set<String> alarms;
    private Optional<String> unread;

    /** What is said of two rules and of another key. */
    private String read(Map<String, String> properties) {
        book = new InForce(KEYS, new LastGood(folder, "deployer's configuration", "nothing would come of it"));
        return readOn(properties);
    }

    private String readOn(Map<String, String> properties) {
        SettingsReader reader = book.reader(properties);
        String timeout = reader.value(
                "retire.timeout",
                properties.getOrDefault("retire.timeout", "1h"),
                "1h",
                new Syntax<>(text -> text, text -> text));
        String sha256 = rule(reader, "deploy.sha256", properties);
        String signature = rule(reader, "deploy.signature", properties);
        reader.end();
        book.keep(reader);
        alarms = reader.alarms();
        unread = reader.unread();
        return sha256 + " " + signature + " " + timeout;
    }

    private static String rule(SettingsReader reader, String key, Map<String, String> properties) {
        return reader.value(key, properties.getOrDefault(key, "off"), "off", RULE);
    }

    private static Map<String, String> file(String... lines) {
        Map<String, String> written = new HashMap<>();
        for (String line : lines) {
            written.put(line.split("=")[0], line.split("=")[1]);
        }
        written.put("service.pid", PID);
        written.put("felix.fileinstall.filename", "file:/home/conf/" + PID + ".cfg");
        return written;
    }

    private void assertLocked() {
        assertThat(unread).isPresent();
        assertThat(alarms).anyMatch(alarm -> alarm.contains("nothing new is let in."));
    }

    private void assertStaysLocked(Map<String, String> first, String inForce) {
        read(first);
        assertLocked();
        for (int start = 0; start < 2; start++) {
            assertThat(read(Map.of())).as("its file is away").isEqualTo(inForce);
            assertLocked();
            assertThat(readOn(Map.of())).as("and while it runs").isEqualTo(inForce);
            assertLocked();
        }
        assertThat(read(first)).as("it is back").isEqualTo(inForce);
        assertLocked();
        read(Map.of());
        assertLocked();

        assertThat(read(file())).as("an empty one").isEqualTo("off off 1h");
        assertThat(unread).isEmpty();
        assertThat(alarms).isEmpty();
        read(Map.of());
        assertThat(unread).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aRefusedRuleIsNotKnownAfterItsFileWasAway() {
        assertStaysLocked(file("deploy.sha256=required", "deploy.signature=requird"), "required off 1h");
    }

    @Test
    void aRefusedRuleAloneIsNotKnownAfterItsFileWasAway() {
        assertStaysLocked(file("deploy.signature=requird"), "off off 1h");
    }

    @Test
    void aMisspeltRuleIsNotKnownAfterItsFileWasAway() {
        assertStaysLocked(file("retire.timeout=2h", "deploy.signatre=required"), "off off 2h");
    }

    @Test
    void aMisspeltRuleAloneIsNotKnownAfterItsFileWasAway() {
        assertStaysLocked(file("deploy.signatre=required"), "off off 1h");
    }

    @Test
    void anotherMistakeThanTheFirstMakesNothingKnown() {
        read(file("deploy.sha256=required", "deploy.signatre=required"));
        assertThat(read(file("deploy.sha256=requird"))).isEqualTo("required off 1h");
        assertLocked();
        read(file("deploy.sha256=required"));
        assertThat(unread).isEmpty();
    }

    @Test
    void theAlarmOfAFileThatIsAwaySaysWhatStaysAndWhatToDo() {
        read(file("deploy.sha256=required", "deploy.signature=requird"));
        read(Map.of());
        assertThat(alarms)
                .containsExactly(
                        "There is no conf/dev.sluice.deployer.cfg any more that can be read. What it said stays"
                                + " in force: deploy.sha256=required. As it had a mistake in it that may be a rule, or couldn't"
                                + " be kept, it isn't known which rules it asked for, so nothing new is let in. Put it back"
                                + " without mistakes; or put an empty file there, to have the defaults.");
        assertThat(unread)
                .contains("There is no conf/dev.sluice.deployer.cfg any more that can be read, and it isn't known which"
                        + " rules it asked for. Put it back without mistakes; or put an empty file there, to have the"
                        + " defaults");
    }

    @Test
    void aRuleThatCouldNotBeKeptIsNotLoosenedByAMistake() throws Exception {
        for (String kept : List.of("off", "if-present")) {
            read(file("deploy.signature=" + kept));
            Path inTheWay = Files.createDirectory(folder.resolve(PID + ".properties.tmp"));
            assertThat(read(file("deploy.signature=required"))).isEqualTo("off required 1h");
            assertThat(unread).isEmpty();
            assertThat(book.unsaved()).get().asString().contains("conf/" + PID + ".cfg", "can't be kept");
            assertThat(book.saveAgain()).isFalse();

            for (Map<String, String> mistake :
                    List.of(file("deploy.signature=requird"), file("deploy.signatre=required"))) {
                read(mistake);
                assertLocked();
            }
            Files.delete(inTheWay);
            read(file("deploy.signature=requird"));
            assertLocked();
            read(file("deploy.signature=requird"));
            assertLocked();

            read(file("deploy.signature=required"));
            assertThat(unread).isEmpty();
            assertThat(book.unsaved()).isEmpty();
            read(file("deploy.signature=requird"));
            assertThat(unread).as("it is known").isEmpty();
        }
    }

    @Test
    void whatCouldNotBeKeptTakesNothingBackByBeingAway() throws Exception {
        read(file("deploy.sha256=required"));
        Path inTheWay = Files.createDirectory(folder.resolve(PID + ".properties.tmp"));
        read(file("deploy.sha256=required", "deploy.signature=required"));
        assertThat(read(Map.of())).isEqualTo("required off 1h");
        assertLocked();
        Files.delete(inTheWay);
        assertThat(book.saveAgain()).isTrue();
        assertThat(read(Map.of())).isEqualTo("required off 1h");
        assertLocked();
    }
}

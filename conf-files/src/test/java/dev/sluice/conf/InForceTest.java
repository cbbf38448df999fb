package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InForceTest {

    private static final SettingsKeys KEYS = new SettingsKeys(
            "dev.sluice.chain",
            List.of("chain.required", "hold.limit"),
            "chain",
            Optional.of("chain.owner.<middleware>"),
            Set.of(),
            true,
            "nothing new is let in");

    @TempDir
    private Path folder;

    private Set<String> alarms;
    private Map<String, String> changed;
    private Optional<String> unread;

    /** Each with a book of its own, as after a restart. */
    private Map<String, String> read(Map<String, String> properties) {
        InForce book = new InForce(KEYS, new LastGood(folder, "chain's configuration", "nothing would come of it"));
        SettingsReader reader = book.reader(properties);
        Map<String, String> owners = new HashMap<>(properties);
        owners.keySet().removeIf(key -> !KEYS.isOfFamily(key));
        Map<String, String> read = new HashMap<>(reader.family(owners));
        Set<String> required = reader.value(
                "chain.required", properties.getOrDefault("chain.required", ""), Set.of(), Syntax.demands());
        read.put("chain.required", String.join(",", required));
        reader.end();
        changed = book.keep(reader);
        alarms = reader.alarms();
        unread = reader.unread();
        return read;
    }

    private Map<String, String> written(Map<String, String> properties) {
        Map<String, String> written = new HashMap<>(properties);
        written.put("service.pid", "dev.sluice.chain");
        written.put("felix.fileinstall.filename", "file:/home/conf/dev.sluice.chain.cfg");
        return written;
    }

    @Test
    void tellsWhatIsInForceOtherThanBefore() {
        read(written(Map.of("chain.required", "auth")));
        assertThat(changed).as("nobody knows what was before").isEmpty();
        read(written(Map.of("chain.required", "auth")));
        assertThat(changed).isEmpty();
        read(written(Map.of("chain.required", "auth", "chain.owner.auth", "com.example.auth")));
        assertThat(changed).isEqualTo(Map.of("chain.owner.auth", "com.example.auth"));
        read(written(Map.of("chain.required", "limits")));
        assertThat(changed).isEqualTo(Map.of("chain.required", "limits", "chain.owner.auth", ""));
        read(Map.of("component.name", "chain"));
        assertThat(changed).as("its file is gone").isEmpty();
    }

    @Test
    void whatAFileSaidThatIsGoneStaysUntilThereIsOneThatTakesItBack() {
        Map<String, String> asked = Map.of("chain.required", "auth", "chain.owner.auth", "com.example.auth");
        assertThat(read(written(asked))).isEqualTo(asked);
        assertThat(alarms).isEmpty();

        for (int start = 0; start < 2; start++) {
            assertThat(read(Map.of("component.name", "chain"))).isEqualTo(asked);
            assertThat(alarms)
                    .containsExactly("There is no conf/dev.sluice.chain.cfg any more that can be read. What it said"
                            + " stays in force: chain.owner.auth=com.example.auth, chain.required=auth. Put it back; or put"
                            + " an empty file there, to have the defaults.");
        }

        assertThat(read(written(Map.of()))).isEqualTo(Map.of("chain.required", ""));
        assertThat(alarms).isEmpty();
        assertThat(read(Map.of())).isEqualTo(Map.of("chain.required", ""));
        assertThat(alarms).isEmpty();
    }

    @Test
    void whatAMisspeltKeyMayMeanStaysThoughItIsNotWritten() {
        read(written(Map.of("chain.owner.auth", "com.example.auth", "chain.owner.log", "com.example.log")));
        assertThat(read(written(Map.of("chain.ownr.auth", "x", "chain.owner.log", "com.example.other"))))
                .containsEntry("chain.owner.auth", "com.example.auth")
                .containsEntry("chain.owner.log", "com.example.other");
        assertThat(alarms)
                .singleElement()
                .asString()
                .contains("chain.ownr.auth", "these stay in force as before: chain.owner.auth=com.example.auth.");
        assertThat(read(written(Map.of()))).doesNotContainKey("chain.owner.auth");
    }

    @Test
    void aRuleIsKeptThoughAMisspeltKeyStoodBesideItFromTheBeginning() {
        read(written(Map.of("chain.required", "auth", "hold.limt", "1")));
        assertThat(read(Map.of())).containsEntry("chain.required", "auth");
    }

    @Test
    void aConfigurationWithoutAFileIsCalledByTheFileThatWouldTakeItsPlace() {
        read(Map.of("chain.required", "auth", "service.pid", "dev.sluice.chain"));
        assertThat(read(Map.of())).containsEntry("chain.required", "auth");
        assertThat(alarms).singleElement().asString().startsWith("There is no conf/dev.sluice.chain.cfg any more");
    }

    @Test
    void defaultsThatNobodyHasWrittenAreNotKnown() {
        read(Map.of());
        read(Map.of());
        assertThat(folder).as("what nobody has asked for isn't kept").isEmptyDirectory();

        Map<String, String> first = written(Map.of("chain.requried", "auth"));
        for (int start = 0; start < 2; start++) {
            read(first);
            assertThat(unread).get().asString().contains("chain.requried (is chain.required meant?)");
            assertThat(alarms)
                    .singleElement()
                    .asString()
                    .contains(
                            "As a rule may be meant, and what was in force before isn't known, nothing new is let in.");
        }

        read(written(Map.of("chain.required", "auth")));
        assertThat(unread).isEmpty();
        assertThat(alarms).isEmpty();
        read(first);
        assertThat(unread).as("what was required is").isEmpty();
    }

    @Test
    void whatAFirstFileSaysBesideAMisspeltRuleIsKeptAndNotAllThatItAsksFor() {
        Map<String, String> first = written(Map.of("chain.required", "auth", "chain.onwer.auth", "com.example.auth"));
        for (int start = 0; start < 3; start++) {
            assertThat(read(first)).containsEntry("chain.required", "auth");
            assertThat(unread).isPresent();
        }
        assertThat(read(Map.of())).containsEntry("chain.required", "auth");
        assertThat(unread).as("that it is away mends nothing").isPresent();
        read(written(Map.of("chain.required", "auth")));
        assertThat(unread).isEmpty();
    }

    @Test
    void aKeyThatIsNearestToNoRuleLocksNothing() {
        read(written(Map.of("hold.limt", "1")));
        assertThat(unread).isEmpty();
        assertThat(alarms).hasSize(1);
    }

    @Test
    void whatAnEmptyFileHasTakenBackIsNotKnownAnyMoreWhenItHasGone() {
        read(written(Map.of("chain.required", "auth")));
        read(written(Map.of()));
        read(Map.of());
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void anInstanceTakesNothingBackAndAsksForNothing() {
        Map<String, String> instance = new HashMap<>(written(Map.of("chain.required", "limits", "chain.onwer", "x")));
        instance.put("service.factoryPid", "dev.sluice.chain");
        assertThat(read(instance)).isEqualTo(Map.of("chain.required", ""));
        assertThat(alarms).isEmpty();
        assertThat(folder).isEmptyDirectory();

        read(written(Map.of("chain.required", "auth")));
        for (int start = 0; start < 2; start++) {
            assertThat(read(instance)).isEqualTo(Map.of("chain.required", "auth"));
        }
        assertThat(read(written(Map.of()))).isEqualTo(Map.of("chain.required", ""));
    }
}

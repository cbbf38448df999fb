package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.fixture.Keys;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.conf.SettingsReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfiguredTest {

    private Map<String, String> inForce = Map.of();

    private Configured read(Map<String, String> written) {
        Map<String, Object> properties = new HashMap<>(written);
        properties.put("service.pid", "dev.sluice.chain");
        return readAll(written, properties);
    }

    private Configured readAll(Map<String, String> written, Map<String, Object> properties) {
        // As Declarative Services puts it together.
        properties.put("component.name", "dev.sluice.chain.track.ChainComponent");
        properties.put("watch.target", "(x=true)");
        SettingsReader reader = new SettingsReader(Configured.KEYS, properties, inForce);
        Configured read = Configured.read(Keys.of(ChainConfiguration.class, written), properties, reader);
        inForce = reader.inForce();
        return read;
    }

    private Configured readNothing() {
        return readAll(Map.of(), new HashMap<>());
    }

    @Test
    void saysOfAKeyThatDoesntExistWhichOneIsProbablyMeant() {
        Configured read = read(Map.of("chain.requried", "auth", "hold.limit", "7"));
        assertThat(read.alarms())
                .singleElement()
                .asString()
                .contains("chain.requried (is chain.required meant?)", "the configuration dev.sluice.chain");
        assertThat(read.holdLimit()).as("what could be read").isEqualTo(7);
    }

    @Test
    void saysWhyItIsNotKnownWhatAFirstFileRequires() {
        assertThat(read(Map.of("chain.requried", "auth")).unread())
                .get()
                .asString()
                .contains("chain.requried");
        assertThat(read(Map.of("chain.requried", "auth")).unread())
                .as("at the next start")
                .isPresent();
        assertThat(read(Map.of("chain.required", "auth")).unread()).isEmpty();
        assertThat(read(Map.of("chain.requried", "auth")).unread())
                .as("it is known now")
                .isEmpty();
    }

    @Test
    void thatAFileWithAMistakeIsAwayMakesNothingKnown() {
        Map<String, String> misspelt = Map.of("hold.timeout", "3s", "chain.requird", "auth");
        read(misspelt);
        for (int start = 0; start < 2; start++) {
            Configured gone = readNothing();
            assertThat(gone.unread()).isPresent();
            assertThat(gone.holdTimeout()).hasSeconds(3);
            assertThat(gone.alarms())
                    .singleElement()
                    .asString()
                    .contains("hold.timeout=3s", "nothing new is let in from the deploy folder");
        }
        assertThat(read(misspelt).unread()).isPresent();
        assertThat(read(Map.of()).unread()).isEmpty();
    }

    @Test
    void whatIsNearestToNoRuleLeavesItKnownWhatIsRequired() {
        assertThat(read(Map.of("hold.limt", "1")).unread()).isEmpty();
    }

    @Test
    void knowsTheKeysOfOwners() {
        assertThat(read(Map.of("chain.owner.auth", "com.example.auth")).alarms())
                .isEmpty();
    }

    @Test
    void requiresWhatItDidBeforeWhileAKeyMayBeMisspelt() {
        read(Map.of("chain.required", "auth"));
        Configured misspelt = read(Map.of("chain.requierd", "auth, limits"));
        assertThat(misspelt.required()).containsExactly("auth");
        assertThat(misspelt.alarms())
                .singleElement()
                .asString()
                .contains("stay in force as before: chain.required=auth.");
        assertThat(read(Map.of()).required()).isEmpty();
    }

    @Test
    void keepsWhatWasInForceForAValueThatCantBeReadAndSaysSoAsItIsWritten() {
        read(Map.of("hold.timeout", "90s"));
        Configured read = read(Map.of("hold.timeout", "abc", "trip.share", "much"));
        assertThat(read.holdTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read.alarms()).hasSize(2).anySatisfy(alarm -> assertThat(alarm)
                .contains("hold.timeout", "\"abc\"", "90s stays in force")
                .doesNotContain("PT"));
    }

    @Test
    void namesTheFileOnlyIfThereIsOne() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("felix.fileinstall.filename", "file:/home/x/conf/dev.sluice.chain.cfg");
        properties.put("hold.limt", "1");
        assertThat(readAll(Map.of(), properties).alarms())
                .singleElement()
                .asString()
                .startsWith("In conf/dev.sluice.chain.cfg hold.limt");
    }

    @Test
    void allThatAFileSaidThatIsGoneStaysInForceUntilThereIsOneThatTakesItBack() {
        Map<String, String> written = new HashMap<>();
        written.put("chain.required", "auth, limits");
        written.put("chain.owner.auth", "com.example.auth");
        written.put("hold.timeout", "90s");
        written.put("hold.limit", "0");
        written.put("inplace.drain.timeout", "1m");
        written.put("override.settle", "7s");
        written.put("trip", "On");
        written.put("trip.share", "30 %");
        written.put("trip.window", "20s");
        written.put("trip.minimum", "");
        written.put("trip.wait", "200ms");
        Configured before = read(written);
        assertThat(before.alarms()).isEmpty();
        assertThat(before.trip())
                .isEqualTo(new TripRules(TripRules.Mode.ON, 30, Duration.ofSeconds(20), 20, Duration.ofMillis(200)));

        // Now, and at the next start.
        for (int i = 0; i < 2; i++) {
            Configured gone = readNothing();
            assertThat(gone).usingRecursiveComparison().ignoringFields("alarms").isEqualTo(before);
            assertThat(gone.alarms())
                    .singleElement()
                    .asString()
                    .startsWith("There is no conf/dev.sluice.chain.cfg any more")
                    .contains("chain.required=auth,limits", "hold.limit=0", "trip=on", "put an empty file there");
        }

        assertThat(read(Map.of("chain.required", ""))).isEqualTo(Configured.DEFAULT);
        assertThat(readNothing()).isEqualTo(Configured.DEFAULT);
    }

    @Test
    void requiresWhatItDidAtTheNextStartThoughAKeyIsMisspelt() {
        read(Map.of("chain.required", "auth"));
        read(Map.of("hold.limt", "1"));
        assertThat(read(Map.of("hold.limt", "1")).required()).containsExactly("auth");
        assertThat(read(Map.of()).required()).isEmpty();
    }
}

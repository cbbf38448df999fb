package dev.sluice.chain.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.fixture.Keys;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfiguredTest {

    private static Configured read(Configured before, Map<String, String> written) {
        Map<String, Object> properties = new HashMap<>(written);
        // As Declarative Services puts it together.
        properties.put("service.pid", "dev.sluice.chain");
        properties.put("component.name", "dev.sluice.chain.track.ChainComponent");
        properties.put("watch.target", "(x=true)");
        return Configured.of(Keys.of(ChainConfiguration.class, written), properties, before);
    }

    @Test
    void saysOfAKeyThatDoesntExistWhichOneIsProbablyMeant() {
        Configured read = read(Configured.DEFAULT, Map.of("chain.requried", "auth", "hold.limit", "7"));
        assertThat(read.alarms())
                .singleElement()
                .asString()
                .contains("\"chain.requried\" (is \"chain.required\" meant?)", "the configuration dev.sluice.chain");
        assertThat(read.holdLimit()).as("what could be read").isEqualTo(7);
    }

    @Test
    void knowsTheKeysOfOwners() {
        assertThat(read(Configured.DEFAULT, Map.of("chain.owner.auth", "com.example.auth"))
                        .alarms())
                .isEmpty();
    }

    @Test
    void requiresWhatItDidBeforeWhileAKeyMayBeMisspelt() {
        Configured before = read(Configured.DEFAULT, Map.of("chain.required", "auth"));
        Configured misspelt = read(before, Map.of("chain.requierd", "auth, limits"));
        assertThat(misspelt.required()).containsExactly("auth");
        assertThat(misspelt.alarms()).singleElement().asString().contains("required still: auth");
        assertThat(read(misspelt, Map.of()).required()).isEmpty();
    }

    @Test
    void keepsWhatWasInForceForAValueThatCantBeReadAndSaysSoAsItIsWritten() {
        Configured before = read(Configured.DEFAULT, Map.of("hold.timeout", "90s"));
        Configured read = read(before, Map.of("hold.timeout", "abc", "trip.share", "much"));
        assertThat(read.holdTimeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read.alarms()).hasSize(2).anySatisfy(alarm -> assertThat(alarm)
                .contains("hold.timeout", "\"abc\"", "90s is in force")
                .doesNotContain("PT"));
    }

    @Test
    void namesTheFileOnlyIfThereIsOne() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("felix.fileinstall.filename", "file:/home/x/conf/dev.sluice.chain.cfg");
        properties.put("hold.limt", "1");
        assertThat(Configured.of(Keys.of(ChainConfiguration.class, Map.of()), properties, Configured.DEFAULT)
                        .alarms())
                .singleElement()
                .asString()
                .startsWith("In conf/dev.sluice.chain.cfg \"hold.limt\"");
    }
}

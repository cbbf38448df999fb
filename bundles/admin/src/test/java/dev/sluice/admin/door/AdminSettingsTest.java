package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminSettingsTest {

    private final List<String> warnings = new ArrayList<>();

    private AdminSettings settings(String ownHost, Map<String, Object> properties) {
        return new AdminSettings(ownHost, properties, warnings::add);
    }

    @Test
    void hostsComeFromTheConfigurationAndTheListener() {
        Map<String, Object> several = Map.of("allowed.hosts", new String[] {"a.example, B.example", "c.example"});
        assertThat(settings("Admin.Example", several).hosts())
                .containsExactlyInAnyOrder("admin.example", "a.example", "b.example", "c.example");
        assertThat(settings(null, Map.of("allowed.hosts", "a.example b.example"))
                        .hosts())
                .containsExactlyInAnyOrder("a.example", "b.example");
        assertThat(settings(null, Map.of("allowed.hosts", List.of("a.example"))).hosts())
                .containsExactly("a.example");
        assertThat(settings(null, Map.of()).hosts()).isEmpty();
    }

    @Test
    void aChangeCountsAtOnce() {
        AdminSettings settings = settings(null, Map.of());
        assertThat(settings.uploadLimit()).isEqualTo(268_435_456);
        settings.modified(Map.of("upload.limit.megabytes", 4000, "allowed.hosts", "a"));
        assertThat(settings.uploadLimit()).isEqualTo(4_194_304_000L);
        assertThat(settings.hosts()).containsExactly("a");
        settings.modified(Map.of());
        assertThat(settings.uploadLimit()).isEqualTo(268_435_456);
    }

    @ParameterizedTest
    @ValueSource(strings = {"big", "0", "-1", "1.5", "99999999999"})
    void aWrongLimitChangesNothingAndTheLogNamesKeyFileAndWhatIsInForce(String wrong) {
        AdminSettings settings = settings(null, Map.of("upload.limit.megabytes", "12"));
        assertThat(warnings).isEmpty();
        settings.modified(Map.of("upload.limit.megabytes", wrong));
        assertThat(settings.uploadLimit()).isEqualTo(12L << 20);
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("upload.limit.megabytes", "conf/dev.sluice.admin.cfg", "'" + wrong + "'")
                .contains("12 stays in force");
    }

    @Test
    void aKeyThatIsNotKnownIsWarnedOf() {
        settings(
                null,
                Map.of(
                        "upload.limit",
                        "1",
                        "allowed.host",
                        "a",
                        "service.pid",
                        "p",
                        "felix.fileinstall.filename",
                        "f"));
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("No effect in conf/dev.sluice.admin.cfg: allowed.host, upload.limit.");
    }

    @Test
    void anInstanceOfItChangesNothing() {
        Map<String, Object> instance =
                Map.of("upload.limit.megabytes", 7, "allowed.hosts", "b", "service.factoryPid", "dev.sluice.admin");
        assertThat(settings(null, instance).hosts()).isEmpty();
        AdminSettings settings = settings(null, Map.of("upload.limit.megabytes", 12, "allowed.hosts", "a"));
        settings.modified(instance);
        assertThat(settings.uploadLimit()).isEqualTo(12L << 20);
        assertThat(settings.hosts()).containsExactly("a");
    }
}

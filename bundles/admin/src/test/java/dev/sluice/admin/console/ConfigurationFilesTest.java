package dev.sluice.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Fake;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class ConfigurationFilesTest {

    private static final String FILE = "felix.fileinstall.filename";

    private static Hashtable<String, Object> edited(Map<String, Object> before, Map<String, Object> form)
            throws Exception {
        Configuration[] found = {Fake.of(Configuration.class, Map.of("getProperties", none -> new Hashtable<>(before)))
        };
        ConfigurationAdmin configurations =
                Fake.of(ConfigurationAdmin.class, Map.of("listConfigurations", filter -> found));
        Hashtable<String, Object> props = new Hashtable<>(form);
        new ConfigurationFiles(configurations).updateConfiguration(null, "some", props);
        return props;
    }

    @Test
    void theFileIsNeitherShownNorDropped() {
        List<String> names = new ArrayList<>(List.of("a", FILE));
        new ConfigurationFiles(Fake.of(ConfigurationAdmin.class, Map.of())).filterProperties(null, "some", names);
        assertThat(names).containsExactly("a");
    }

    @Test
    void aPlainFileStaysPlain() throws Exception {
        assertThat(edited(
                        Map.of(FILE, "file:/conf/some.cfg", "limit", "1", "service.pid", "some"),
                        Map.of("limit", 7, "on", true, "hosts", new String[] {"a"}, "none", new String[0])))
                .isEqualTo(Map.of("limit", "7", "on", "true", "hosts", "a"));
    }

    @Test
    void severalValuesAreNotMadeOne() throws Exception {
        Vector<Object> several = new Vector<>(List.of("a", "b"));
        assertThat(edited(Map.of(FILE, "file:/conf/some.cfg"), Map.of("hosts", several)))
                .isEqualTo(Map.of("hosts", several));
    }

    @Test
    void aFileWithTypesAndAConfigurationWithoutFileKeepTheirTypes() throws Exception {
        assertThat(edited(Map.of(FILE, "file:/conf/some.cfg", "limit", 1), Map.of("limit", 7)))
                .isEqualTo(Map.of("limit", 7));
        assertThat(edited(Map.of("limit", "1"), Map.of("limit", 7))).isEqualTo(Map.of("limit", 7));
    }

    @Test
    void noFormChoosesTheFile() throws Exception {
        assertThat(edited(Map.of("a", "1"), Map.of("a", "2", FILE, "file:/conf/dev.sluice.container.cfg")))
                .isEqualTo(Map.of("a", "2"));
    }
}

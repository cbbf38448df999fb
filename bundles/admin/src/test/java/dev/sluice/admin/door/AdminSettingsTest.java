package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Fake;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;

class AdminSettingsTest {

    private static AdminConfiguration configuration(int megabytes, String... hosts) {
        return Fake.of(
                AdminConfiguration.class,
                Map.of("allowed_hosts", none -> hosts, "upload_limit_megabytes", none -> megabytes));
    }

    private static AdminSettings settings(String ownHost, AdminConfiguration configuration) {
        return new AdminSettings(Fake.of(BundleContext.class, Map.of("getProperty", name -> ownHost)), configuration);
    }

    @Test
    void hostsComeFromTheConfigurationAndTheListener() {
        assertThat(settings("Admin.Example", configuration(1, "a.example, B.example", "c.example"))
                        .hosts())
                .containsExactlyInAnyOrder("admin.example", "a.example", "b.example", "c.example");
        assertThat(settings(null, configuration(1)).hosts()).isEmpty();
    }

    @Test
    void aChangeCountsAtOnce() {
        AdminSettings settings = settings(null, configuration(256));
        assertThat(settings.uploadLimit()).isEqualTo(268_435_456);
        settings.modified(configuration(4000, "a"));
        assertThat(settings.uploadLimit()).isEqualTo(4_194_304_000L);
        assertThat(settings.hosts()).containsExactly("a");
    }
}

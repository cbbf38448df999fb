package dev.sluice.container.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleConfigurationsTest {

    @TempDir
    private Path folder;

    private Home home;

    @BeforeEach
    void prepare() throws Exception {
        home = new Home(folder.resolve("a=home"));
        home.prepare();
    }

    @Test
    void a_configuration_goes_with_its_file() throws Exception {
        Path stays = stored("dev/sluice/middleware%007estays", fileName("dev.sluice.middleware-stays.cfg"));
        Path goes = stored("dev/sluice/middleware%007egoes", fileName("dev.sluice.middleware-goes.cfg"));
        Files.writeString(home.conf().resolve("dev.sluice.middleware-stays.cfg"), "");

        StaleConfigurations.drop(home);

        assertThat(stays).exists();
        assertThat(goes).doesNotExist();
    }

    @Test
    void a_configuration_that_never_had_a_file_stays() throws Exception {
        Path console = stored("org/example", "name=\"made in the web console\"\n");

        StaleConfigurations.drop(home);

        assertThat(console).exists();
    }

    @Test
    void a_new_home_has_none() throws Exception {
        StaleConfigurations.drop(home);

        assertThat(home.configurations()).doesNotExist();
    }

    private Path stored(String name, String content) throws IOException {
        Path file = home.configurations().resolve(name + ".config");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "enabled=\"false\"\n" + content);
    }

    private String fileName(String name) {
        // As found in the store of Felix's ConfigAdmin 1.9.26.
        String uri = home.conf().resolve(name).toUri().toString();
        return "felix.fileinstall.filename=\"" + uri.replace("=", "\\=") + "\"\n";
    }

    @Test
    void an_instance_of_what_there_is_one_of_goes_whoever_made_it() throws Exception {
        Files.writeString(home.conf().resolve("dev.sluice.chain-x.cfg"), "");
        Files.writeString(home.conf().resolve("dev.sluice.chain.cfg"), "");
        Path ofFile = stored(
                "dev/sluice/chain%007ex",
                fileName("dev.sluice.chain-x.cfg") + "service.factoryPid=\"dev.sluice.chain\"\n");
        Path ofBundle = stored("dev/sluice/deployer%007e1", "service.factoryPid=\"dev.sluice.deployer\"\n");
        Path right = stored("dev/sluice/chain", fileName("dev.sluice.chain.cfg"));
        Path other = stored("dev/sluice/route%007e1", "service.factoryPid=\"dev.sluice.route\"\n");

        StaleConfigurations.drop(home);

        assertThat(ofFile).doesNotExist();
        assertThat(ofBundle).doesNotExist();
        assertThat(right).exists();
        assertThat(other).exists();
    }
}

package dev.sluice.container.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

    @TempDir
    private Path folder;

    @Test
    void the_first_start_makes_folders_and_commented_defaults_but_leaves_the_deploy_folder_to_the_deployer()
            throws Exception {
        Home home = new Home(folder.resolve("new/home"));

        home.prepare();

        assertThat(home.conf().resolve("dev.sluice.container.cfg")).content().contains("#port = 8080");
        assertThat(home.conf().resolve("logback.xml")).exists();
        assertThat(home.logs()).isDirectory();
        assertThat(home.data()).isDirectory();
        assertThat(home.deploy()).doesNotExist();
    }

    @Test
    void what_the_operator_wrote_stays() throws Exception {
        Home home = new Home(folder);
        home.prepare();
        Path file = home.conf().resolve("dev.sluice.container.cfg");
        Files.writeString(file, "port = 9090");

        home.prepare();

        assertThat(file).hasContent("port = 9090");
    }

    @Test
    void a_home_that_cannot_be_made_is_one_clear_line() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(new Home(file.resolve("home"))::prepare)
                .hasMessageContaining("can't be written")
                .hasMessageContaining("--home");
    }
}

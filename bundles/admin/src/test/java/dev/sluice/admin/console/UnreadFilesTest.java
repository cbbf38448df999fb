package dev.sluice.admin.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnreadFilesTest {

    @TempDir
    Path conf;

    private final AtomicBoolean complete = new AtomicBoolean(true);
    private final List<String> warnings = new ArrayList<>();

    private UnreadFiles files(String... pids) {
        return new UnreadFiles(conf, complete::get, () -> List.of(pids), warnings::add, null);
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Files.writeString(conf.resolve(name), "a = b");
        }
    }

    @Test
    void whatIsReadOrIsntTheContainersIsLeftAlone() throws IOException {
        write(
                "dev.sluice.chain.cfg",
                "dev.sluice.container.cfg",
                "dev.sluice.middleware-auth.cfg",
                "dev.sluice.route-api.cfg",
                "dev.sluice.sample.headers.cfg",
                "com.example.chain.cfg",
                "dev.sluice.route-old.cfg.bak",
                "logback.xml");
        assertThat(files("dev.sluice.sample.headers").alarms()).isEmpty();
    }

    @Test
    void aMisspeltNameIsSaidWithTheOneThatIsMeant() throws IOException {
        write("dev.sluice.chian.cfg", "dev.sluice.routes-y.cfg", "dev.sliuce.chain.cfg");
        assertThat(files().alarms())
                .hasSize(3)
                .anySatisfy(alarm -> assertThat(alarm)
                        .contains("conf/dev.sluice.chian.cfg is read by nobody", "conf/dev.sluice.chain.cfg"))
                .anySatisfy(
                        alarm -> assertThat(alarm).contains("routes-y.cfg is", "conf/dev.sluice.route-y.cfg is meant"))
                .anySatisfy(alarm -> assertThat(alarm).contains("dev.sliuce.chain.cfg is read by nobody"));
    }

    @Test
    void aWrongExtensionIsSaid() throws IOException {
        write("dev.sluice.route-y.conf", "dev.sluice.admin");
        assertThat(files().alarms())
                .hasSize(2)
                .anySatisfy(alarm -> assertThat(alarm).contains("Call it dev.sluice.route-y.cfg"))
                .anySatisfy(alarm -> assertThat(alarm).contains("Call it dev.sluice.admin.cfg"));
    }

    @Test
    void aSecondFileForWhatHasOneIsSaid() throws IOException {
        write("dev.sluice.chain.cfg", "dev.sluice.chain-more.cfg");
        assertThat(files("dev.sluice.chain").alarms())
                .containsExactly("conf/dev.sluice.chain-more.cfg is read by nobody, and changes nothing: of"
                        + " conf/dev.sluice.chain.cfg there is one, and not several. Put into that file what is to count,"
                        + " and delete this one, or call it dev.sluice.chain-more.cfg.bak.");
        write("dev.sluice.chain|dev.sluice.chain.cfg");
        assertThat(files("dev.sluice.chain").alarms()).hasSize(2).allSatisfy(alarm -> assertThat(alarm)
                .contains("of conf/dev.sluice.chain.cfg there is one"));
    }

    @Test
    void itIsLoggedOnceWhileTheFileIsThereAndAlarmedAsLong() throws IOException {
        UnreadFiles files = files();
        complete.set(false);
        write("dev.sluice.chian.cfg");
        files.look();
        assertThat(warnings).as("its bundle may be still to come").isEmpty();
        complete.set(true);
        files.look();
        files.look();
        assertThat(warnings).hasSize(1);
        Files.delete(conf.resolve("dev.sluice.chian.cfg"));
        files.look();
        assertThat(files.alarms()).isEmpty();
        write("dev.sluice.chian.cfg");
        files.look();
        assertThat(warnings).hasSize(2);
    }
}

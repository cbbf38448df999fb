package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A configuration that came from a file and is edited in the web console: file and configuration agree. */
@Tag("process")
@Tag("one-java")
class ConsoleEditIT {

    private static final String PID = "test.edited";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void anEditReachesTheFileOutlivesARestartAndADeletionTakesTheFileAlong() throws IOException {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        Path file = home.conf().resolve(PID + ".cfg");
        home.configure(PID, "# why this is so", "limit = 1", "port = ${sluice.port}");
        Await.until(() -> assertThat(configuration(sluice)).contains("\"limit\"", "\"1\""));

        edit(sluice, "apply=true&propertylist=limit,port&limit=2");
        assertThat(Files.readAllLines(file)).contains("# why this is so", "limit = 2", "port = ${sluice.port}");
        assertThat(configuration(sluice)).contains("\"2\"");
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);
        assertThat(configuration(again)).contains("\"2\"");
        assertThat(Files.readString(file)).contains("limit = 2");

        home.configure(PID, "limit = 3");
        Await.until(() -> assertThat(configuration(again)).contains("\"3\""));
        assertThat(Files.readString(file).strip()).isEqualTo("limit = 3");

        edit(again, "apply=true&delete=true");
        assertThat(file).doesNotExist();
        assertThat(again.terminate()).isZero();
        assertThat(file).doesNotExist();
    }

    private static String configuration(SluiceProcess sluice) {
        return sluice.operator()
                .get(sluice.admin("/system/console/configMgr/" + PID + ".json"))
                .body();
    }

    private static void edit(SluiceProcess sluice, String form) {
        HttpResponse<String> answer =
                sluice.operator().postForm(sluice.admin("/system/console/configMgr/" + PID), form);
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(400);
    }
}

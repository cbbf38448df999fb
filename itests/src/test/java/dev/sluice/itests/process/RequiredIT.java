package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators require is required until they take it back, and a file that is away takes nothing back. */
@Tag("process")
@Tag("one-java")
class RequiredIT {

    private static final String PID = "dev.sluice.chain";
    private static final String GONE = "There is no conf/" + PID + ".cfg any more";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void nothingPassesARequiredMiddlewareThatIsMissingWhileTheFileThatRequiresItIsAway() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), "greeting.jar");
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        home.configure(PID, "chain.required=auth");
        awaitBlocked(sluice);
        Path file = home.conf().resolve(PID + ".cfg");
        Path away = home.path().resolve("away.cfg");
        try (Load load = load(sluice)) {
            for (int i = 0; i < 2; i++) {
                Files.move(file, away);
                Await.until(() -> assertThat(sluice.status().alarms())
                        .anySatisfy(alarm -> assertThat(alarm).startsWith(GONE).contains("chain.required=auth")));
                load.awaitAnswers(200);
                Files.move(away, file);
                Await.until(() -> assertThat(sluice.status().alarms())
                        .noneSatisfy(alarm -> assertThat(alarm).startsWith(GONE)));
                load.awaitAnswers(200);
            }
            assertThat(load.stop().complaints()).isEmpty();
        }
        Files.move(file, away);
        sluice.kill9();

        SluiceProcess again = sluices.start(home);

        assertThat(Answers.get(again, "/").statusCode()).as("over a restart").isEqualTo(503);
        try (Load load = load(again)) {
            Await.until(() -> assertThat(again.status().alarms())
                    .anySatisfy(alarm -> assertThat(alarm).startsWith(GONE).contains("chain.required=auth")));
            load.awaitAnswers(200);
            assertThat(load.stop().complaints()).isEmpty();
        }

        home.configure(PID, "chain.required=");
        Answers.awaitServing(again, "greeting", "1.0.0");
        assertThat(again.status().alarms())
                .noneSatisfy(alarm -> assertThat(alarm).contains("chain.required"));
    }

    private static void awaitBlocked(SluiceProcess sluice) {
        Await.until(() -> assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(503));
    }

    private static Load load(SluiceProcess sluice) {
        return Load.on(
                sluice.data("/"),
                answer -> answer.statusCode() == 503 ? Optional.empty() : Optional.of("a bypass: " + answer));
    }
}

package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator rolls a file back over HTTP: under load, and for good. */
@Tag("process")
@Tag("one-java")
class RollBackIT {

    private static final String FILE = "pair.jar";
    private static final int ROUNDS = 3;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void backAndForthUnderLoadLosesBypassesAndMixesNothingAndTheLastWordOutlivesAKill() {
        SluiceProcess sluice = sluices.start(home);
        home.copy(
                TestBundle.of("test.application", "1.0.0")
                        .middleware("application", "/*", -1000, "answer")
                        .jar(),
                "application.jar");
        deploy(sluice, "1.0.0");
        deploy(sluice, "2.0.0");
        try (Load load = Load.on(sluice.data("/"), RollBackIT::complaint)) {
            load.awaitAnswers(100);
            for (int round = 0; round < ROUNDS; round++) {
                HttpResponse<String> back = post(sluice, "rollback", "file=" + FILE + "&to=1.0.0");
                assertThat(back.statusCode()).as(back.body()).isEqualTo(200);
                assertThat(version(sluice)).contains("1.0.0");
                HttpResponse<String> forward = post(sluice, "rollforward", "file=" + FILE);
                assertThat(forward.statusCode()).as(forward.body()).isEqualTo(200);
                Await.until(() -> assertThat(version(sluice)).contains("2.0.0"));
            }
            assertThat(post(sluice, "rollback", "file=test.pair&to=1.0.0").statusCode())
                    .isEqualTo(200);
            load.awaitAnswers(100);
            load.stop();
            assertThat(load.complaints()).isEmpty();
            assertThat(load.failed()).isZero();
        }
        JsonObject last =
                sluice.status().json().getAsJsonArray("history").get(0).getAsJsonObject();
        assertThat(last.get("cause").getAsString()).isEqualTo("OPERATOR");
        assertThat(last.get("summary").getAsString()).isEqualTo("roll pair.jar back to test.pair 1.0.0");
        assertThat(home.deploy(FILE + ".rolledback")).exists();
        sluice.kill9();

        SluiceProcess again = sluices.start(home);

        assertThat(version(again)).contains("1.0.0");
        Await.until(() -> assertThat(
                        Client.anonymous().get(again.admin("/health/ready")).statusCode())
                .isEqualTo(200));
        assertThat(version(again)).contains("1.0.0");
        assertThat(again.status().deployment(FILE).orElseThrow().reason())
                .startsWith("rolled back to test.pair 1.0.0")
                .contains("by operator admin");
        deploy(again, "3.0.0");
        Await.until(() -> assertThat(home.deploy(FILE + ".rolledback")).doesNotExist());
    }

    private void deploy(SluiceProcess sluice, String version) {
        home.copy(
                TestBundle.of("test.pair", version)
                        .middleware("first", "/*", 100, "stamp")
                        .middleware("second", "/*", 50, "stamp")
                        .jar(),
                FILE);
        Await.until(() -> assertThat(version(sluice)).contains(version));
    }

    private static HttpResponse<String> post(SluiceProcess sluice, String what, String form) {
        return sluice.operator().postForm(sluice.admin("/api/v1/" + what), form);
    }

    private static Optional<String> version(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/")).headers().firstValue("X-second");
    }

    private static Optional<String> complaint(HttpResponse<String> answer) {
        Optional<String> first = answer.headers().firstValue("X-first");
        boolean isGood = answer.statusCode() == 200
                && first.isPresent()
                && first.equals(answer.headers().firstValue("X-second"))
                && answer.headers().firstValue("X-Stopped").isEmpty();
        return isGood
                ? Optional.empty()
                : Optional.of(answer.statusCode() + " " + answer.headers().map());
    }
}

package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Without any configuration a new version has all requests at once, and half a minute in which it may be taken back. */
@Tag("process")
@Tag("one-java")
class StandardPolicyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CONNECTIONS = 8;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "fails, TRIP,    middleware greeting has tripped: .* calls within .* failed by its own fault",
        "broken, ROLLOUT, '100 % of [0-9,]+ requests were answered with a server error of its own, against 0 % of about [0-9,]+ requests'",
        "often, ROLLOUT, '[0-9.]+ % of [0-9,]+ requests failed by its own fault, against 0 % of about [0-9,]+ requests with the version before it, just before; up to 5 % is tolerated'",
    })
    void aVersionThatFailsOutrightIsTakenBackAndStaysAwayAfterAKill(String behaviour, String cause, String figures) {
        SluiceProcess sluice = startWithOne();
        try (Audience audience = new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                4,
                (target, answer) -> Greetings.complaintBeside("2.0.0", answer),
                "/")) {
            audience.await(200);
            Greetings.deploy(home, "2.0.0", behaviour);
            Await.until(PATIENCE, () -> assertThat(home.marker(Greetings.FILE)).exists());
            assertThat(home.markerText(Greetings.FILE))
                    .contains("the content before serves on", "its rollout was taken back: ")
                    .containsPattern(figures);
            Status status = sluice.status();
            assertThat(status.serving("greeting")).contains("1.0.0");
            assertThat(status.rollouts()).isEmpty();
            JsonObject last = status.json().getAsJsonArray("history").get(0).getAsJsonObject();
            assertThat(last.get("cause").getAsString()).isEqualTo(cause);
            assertThat(last.get("summary").getAsString()).startsWith("take greeting.jar back to test.greeting 1.0.0");
            long seen = ofTheBadOne(audience);
            assertThat(seen).isPositive();
            audience.await(500);
            assertThat(ofTheBadOne(audience)).isLessThanOrEqualTo(seen + CONNECTIONS);
            assertThat(audience.end()).isEmpty();
        }
        sluice.kill9();

        SluiceProcess again = start();

        try (Audience audience = good(again)) {
            Await.until(() -> assertThat(again.status().alarms())
                    .anyMatch(alarm -> alarm.startsWith(Greetings.FILE + ": its rollout was taken back")));
            audience.await(200);
            assertThat(audience.end()).isEmpty();
            assertThat(audience.of("1.0.0")).isEqualTo(audience.answered());
        }
    }

    @Test
    void whatSaysWhenToComeBackIsMeantToAnswerWithErrors() {
        SluiceProcess sluice = startWithOne();
        Greetings.deploy(home, "2.0.0", "maintenance");
        Await.until(() -> assertBakes(sluice.status()));
        for (int request = 0; request < 60; request++) {
            assertThat(Client.anonymous().get(sluice.data("/")).statusCode()).isEqualTo(503);
        }
        // The judge has looked at that.
        Await.until(() -> assertThat(sluice.status().rollouts().get(0).waitingFor())
                .matches("there are (1.|2[0-6]|[1-9])s left of 30s"));
        assertBakes(sluice.status());
        assertThat(home.marker(Greetings.FILE)).doesNotExist();
    }

    @Test
    void aGoodOneHasAllRequestsAtOnceAndTheOldOneStaysReadyForHalfAMinuteAlsoAfterAKill() {
        SluiceProcess sluice = startWithOne();
        try (Audience audience = good(sluice)) {
            audience.await(200);
            Greetings.deploy(home, "2.0.0", "stamp");
            Await.until(() -> assertBakes(sluice.status()));
            Await.until(() ->
                    assertThat(sluice.status().rollouts().get(0).waitingFor()).endsWith("left of 30s"));
            long old = audience.of("1.0.0");
            audience.await(500);
            assertThat(audience.of("1.0.0")).as("all requests at once").isLessThanOrEqualTo(old + CONNECTIONS);
            assertThat(audience.end()).isEmpty();
        }
        sluice.kill9();

        SluiceProcess again = start();

        assertBakes(again.status());
        try (Audience audience = good(again)) {
            audience.await(200);
            assertThat(audience.end()).isEmpty();
            assertThat(audience.of("2.0.0")).isEqualTo(audience.answered());
        }
        assertThat(home.marker(Greetings.FILE)).doesNotExist();
    }

    private SluiceProcess startWithOne() {
        SluiceProcess sluice = start();
        Greetings.deployApplication(home);
        Greetings.deploy(home, "1.0.0", "stamp");
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));
        return sluice;
    }

    private static long ofTheBadOne(Audience audience) {
        return audience.of("2.0.0") + audience.of(Audience.NO_VERSION);
    }

    private SluiceProcess start() {
        return sluices.start(SluiceProcess.on(home).standardPolicy());
    }

    private static Audience good(SluiceProcess sluice) {
        return new Audience(
                sluice, Greetings.STAMP, CONNECTIONS, 5, (target, answer) -> Greetings.complaint(answer), "/");
    }

    private static void assertBakes(Status status) {
        assertThat(status.rollouts()).hasSize(1);
        Status.Rollout rollout = status.rollouts().get(0);
        assertThat(rollout.phase()).isEqualTo("BAKE");
        assertThat(rollout.share()).isEqualTo(100);
        assertThat(rollout.from()).isEqualTo("1.0.0");
        assertThat(rollout.to()).isEqualTo("2.0.0");
    }
}

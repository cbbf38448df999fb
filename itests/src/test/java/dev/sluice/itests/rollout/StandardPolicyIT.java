package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without any configuration a new version has all requests at once, and half a minute in which it may be taken back. */
@Tag("process")
@Tag("one-java")
class StandardPolicyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int CONNECTIONS = 8;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void aVersionThatFailsOutrightIsTakenBackAndAGoodOneKeepsAllWhileTheOldOneStaysReady() {
        SluiceProcess sluice = start();
        Greetings.deployApplication(home);
        Greetings.deploy(home, "1.0.0", "stamp");
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));

        try (Audience audience = new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                4,
                (target, answer) -> Greetings.complaintBeside("2.0.0", answer),
                "/")) {
            audience.await(200);
            Greetings.deploy(home, "2.0.0", "fails");
            Await.until(PATIENCE, () -> assertThat(home.marker(Greetings.FILE)).exists());
            assertThat(home.markerText(Greetings.FILE))
                    .contains("the content before serves on", "its rollout was taken back", "failed by its own fault")
                    .containsPattern("100 % of [0-9,]+ requests");
            long failed = audience.of(Audience.NO_VERSION);
            assertThat(failed).isPositive();
            Status status = sluice.status();
            assertThat(status.serving("greeting")).contains("1.0.0");
            assertThat(status.rollouts()).isEmpty();
            audience.await(500);
            assertThat(audience.of(Audience.NO_VERSION)).isLessThanOrEqualTo(failed + CONNECTIONS);
            assertThat(audience.end()).isEmpty();
        }
        sluice.kill9();

        SluiceProcess again = start();
        try (Audience audience = good(again)) {
            audience.await(200);
            assertThat(audience.of("1.0.0")).as("what was taken back stays away").isEqualTo(audience.answered());
            Await.until(() -> assertThat(again.status().alarms())
                    .anyMatch(alarm -> alarm.startsWith(Greetings.FILE + ": its rollout was taken back")));
            Greetings.deploy(home, "3.0.0", "stamp");
            Await.until(() -> assertThat(again.status().rollouts()).hasSize(1));
            assertBakes(again.status().rollouts().get(0));
            long old = audience.of("1.0.0");
            audience.await(500);
            assertThat(audience.of("1.0.0")).as("all requests at once").isLessThanOrEqualTo(old + CONNECTIONS);
            assertThat(audience.end()).isEmpty();
        }
        again.kill9();

        SluiceProcess last = start();
        assertBakes(last.status().rollouts().get(0));
        try (Audience audience = good(last)) {
            audience.await(200);
            assertThat(audience.of("3.0.0")).isEqualTo(audience.answered());
            assertThat(audience.end()).isEmpty();
        }
        assertThat(home.marker(Greetings.FILE)).doesNotExist();
    }

    private SluiceProcess start() {
        return sluices.start(SluiceProcess.on(home).standardPolicy());
    }

    private static Audience good(SluiceProcess sluice) {
        return new Audience(
                sluice, Greetings.STAMP, CONNECTIONS, 5, (target, answer) -> Greetings.complaint(answer), "/");
    }

    private static void assertBakes(Status.Rollout rollout) {
        assertThat(rollout.phase()).isEqualTo("BAKE");
        assertThat(rollout.share()).isEqualTo(100);
        assertThat(rollout.from()).isEqualTo("1.0.0");
        assertThat(rollout.to()).isEqualTo("3.0.0");
        assertThat(rollout.waitingFor()).isNotBlank();
    }
}

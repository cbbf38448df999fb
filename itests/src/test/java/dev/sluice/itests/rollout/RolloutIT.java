package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** New versions under load: a bad one is taken back before many have seen it, a good one gets all. */
@Tag("process")
@Tag("one-java")
class RolloutIT {

    private static final String FILE = "greeting.jar";
    private static final String POLICY = "dev.sluice.rollout-greeting";
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();
    private final AtomicLong sawTheBadOne = new AtomicLong();

    @Test
    void aVersionThatOftenThrowsIsTakenBackAtItsFirstStepAndAGoodOneGetsAll() {
        home.configure(
                POLICY, "middleware=greeting", "steps=1,10,50,100", "step.time=2s", "step.requests=100", "bake=2s");
        SluiceProcess sluice = sluices.start(home);
        home.copy(
                TestBundle.of("test.application", "1.0.0")
                        .middleware("application", "/*", -1000, "answer")
                        .jar(),
                "application.jar");
        deploy("1.0.0", "stamp");
        Await.until(() -> assertThat(version(answer(sluice))).contains("1.0.0"));
        try (Load load = Load.on(sluice.data("/"), this::complaint)) {
            load.awaitAnswers(100);
            long before = load.answered();
            deploy("2.0.0", "often");
            Await.until(PATIENCE, () -> assertThat(home.marker(FILE)).exists());
            long during = load.answered() - before;
            assertThat(sawTheBadOne.get()).isPositive();
            assertThat(sawTheBadOne.get()).as("of %s", during).isLessThan(during / 50);
            assertThat(home.markerText(FILE)).contains("the content before serves on", "its rollout was taken back");
            JsonObject last =
                    sluice.status().json().getAsJsonArray("history").get(0).getAsJsonObject();
            assertThat(last.get("cause").getAsString()).isEqualTo("ROLLOUT");
            assertThat(last.get("summary").getAsString()).startsWith("take greeting.jar back to test.greeting 1.0.0");
            assertThat(rollouts(sluice)).isEmpty();
            long seen = sawTheBadOne.get();
            load.awaitAnswers(1000);
            assertThat(sawTheBadOne.get()).isLessThanOrEqualTo(seen + Load.CLIENTS);
            load.stop();
            assertThat(load.complaints()).isEmpty();
        }
        sluice.kill9();

        SluiceProcess again = sluices.start(home);

        Await.until(() -> assertThat(again.status().alarms())
                .anyMatch(alarm -> alarm.startsWith(FILE + ": its rollout was taken back")));
        assertThat(version(answer(again))).contains("1.0.0");
        home.configure(POLICY, "middleware=greeting", "steps=50,100", "step.time=1s", "step.requests=50", "bake=1s");
        Await.until(() -> assertThat(again.log()).contains("steps=50,100"));
        try (Load load = Load.on(again.data("/"), this::complaint)) {
            load.awaitAnswers(100);
            deploy("3.0.0", "stamp");
            Await.until(() -> assertThat(rollouts(again)).isNotEmpty());
            Await.until(PATIENCE, () -> assertThat(rollouts(again)).isEmpty());
            load.awaitAnswers(100);
            load.stop();
            assertThat(load.complaints()).isEmpty();
            assertThat(load.failed()).isZero();
        }
        assertThat(version(answer(again))).contains("3.0.0");
        assertThat(home.marker(FILE)).doesNotExist();
        Await.until(() ->
                assertThat(again.status().json().getAsJsonArray("deployments")).hasSize(2));
    }

    private void deploy(String version, String behaviour) {
        home.copy(
                TestBundle.of("test.greeting", version)
                        .middleware("greeting", "/*", 100, behaviour)
                        .jar(),
                FILE);
    }

    private static JsonArray rollouts(SluiceProcess sluice) {
        return sluice.status().json().getAsJsonArray("rollouts");
    }

    private static HttpResponse<String> answer(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.data("/"));
    }

    private static Optional<String> version(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-greeting");
    }

    /** A good answer is one of a version; what the bad one does is counted. */
    private Optional<String> complaint(HttpResponse<String> answer) {
        boolean isBad = answer.statusCode() == 500 || version(answer).equals(Optional.of("2.0.0"));
        if (isBad) {
            sawTheBadOne.incrementAndGet();
            return Optional.empty();
        }
        boolean isGood = answer.statusCode() == 200
                && version(answer).isPresent()
                && answer.headers().firstValue("X-Stopped").isEmpty();
        return isGood
                ? Optional.empty()
                : Optional.of(answer.statusCode() + " " + answer.headers().map());
    }
}

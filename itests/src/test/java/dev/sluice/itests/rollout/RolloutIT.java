package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New versions that do worse, under load: each is taken back at the first step, before many have seen it. */
@Tag("process")
class RolloutIT {

    private static final String GOOD = "1.0.0";
    private static final String BAD = "2.0.0";
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final int CONNECTIONS = 16;

    /** What the shares of requests are measured over: one in a hundred of fewer says nothing. */
    private static final int ENOUGH = 5_000;

    private static final double FIRST_SHARE = 1;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "throws on 30 %,        stamp,   often,   failed by its own fault",
        "answers 500 on 30 %,   stamp,   errors,  were answered with a server error",
        "is twice as slow,      slow-10, slow-20, took",
    })
    void aWorseVersionIsTakenBackAtTheFirstStepBeforeManyHaveSeenIt(
            String what, String before, String behaviour, String figures) {
        SluiceProcess sluice = sluices.shared(home -> {
            // Three of ten may by chance be half of the first twenty, and then the switch is quicker than the judge.
            home.configure("dev.sluice.chain", "trip=off");
            home.configure(
                    "dev.sluice.rollout-greeting",
                    "middleware=greeting",
                    "steps=1,10,50,100",
                    "step.time=1s",
                    "step.requests=500",
                    "bake=2s");
            return SluiceProcess.on(home);
        });
        Home home = sluice.home();
        Greetings.deployApplication(home);
        Greetings.deploy(home, GOOD, before);
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains(GOOD));

        Set<Double> shares = new ConcurrentSkipListSet<>();
        try (Audience audience = new Audience(
                sluice,
                Greetings.STAMP,
                CONNECTIONS,
                1,
                (target, answer) -> Greetings.complaintBeside(BAD, answer),
                "/")) {
            audience.await(500);
            long begin = audience.answered();
            Greetings.deploy(home, BAD, behaviour);
            Await.until(PATIENCE, () -> {
                sluice.status().rollouts().forEach(rollout -> shares.add(rollout.share()));
                boolean isOver = Files.exists(home.marker(Greetings.FILE)) || shares.size() > 1;
                assertThat(isOver).as("taken back, or in its next step").isTrue();
            });
            assertThat(shares).as("the shares it was shown with").isSubsetOf(FIRST_SHARE);
            Await.until(PATIENCE, () -> assertThat(audience.answered() - begin).isGreaterThan(ENOUGH));

            long during = audience.answered() - begin;
            long seen = seen(audience);
            System.out.println(what + ": taken back when " + seen + " of " + during + " requests had seen it");
            assertThat(seen).isPositive();
            assertThat(seen).as("of %s requests", during).isLessThan(during / 50);
            assertThat(home.markerText(Greetings.FILE))
                    .contains("the content before serves on", "its rollout was taken back", figures)
                    .containsPattern("of [0-9,]+ requests");

            Status status = sluice.status();
            assertThat(status.rollouts()).isEmpty();
            assertThat(status.json().getAsJsonArray("traffic"))
                    .as("nothing is shared any more")
                    .isEmpty();
            assertThat(status.serving("greeting")).contains(GOOD);
            assertThat(status.rolloutHistory().get(0)).startsWith("take greeting.jar back to test.greeting " + GOOD);
            assertThat(status.alarms())
                    .anyMatch(alarm -> alarm.startsWith(Greetings.FILE + ": its rollout was taken back"));
            audience.await(ENOUGH);
            assertThat(seen(audience)).as("its share is 0").isLessThanOrEqualTo(seen + CONNECTIONS);
            assertThat(audience.end()).isEmpty();
        }
    }

    /** Where it has thrown, nothing of it is in the answer: all that no version has stamped is on its account. */
    private static long seen(Audience audience) {
        return List.of(BAD, Audience.NO_VERSION).stream()
                .mapToLong(audience::of)
                .sum();
    }
}

package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator changes in conf/ while it runs, without a rebuild. */
@Tag("process")
@Tag("one-java")
class OverrideIT {

    private static final String PID = "dev.sluice.middleware-second";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void rankingPathsAndEnabledChangeHotAndBackAgain() throws Exception {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.copy(
                TestBundle.of("test.first", "1.0.0")
                        .middleware("first", "/*", 100, "stamp")
                        .jar(),
                "first.jar");
        home.copy(
                TestBundle.of("test.second", "1.0.0")
                        .middleware("second", "/*", 50, "stamp")
                        .jar(),
                "second.jar");
        Await.until(() -> assertThat(sluice.status().chain())
                .extracting(Status.Unit::name)
                .containsExactly("first", "second"));

        home.configure(PID, "name=second", "ranking=500");
        Await.until(() -> assertThat(sluice.status().chain())
                .extracting(Status.Unit::name)
                .containsExactly("second", "first"));
        assertThat(sluice.status().place("second").orElseThrow().ranking()).isEqualTo(500);

        home.configure(PID, "name=second", "ranking=500", "paths=/only/*");
        Await.until(() ->
                assertThat(Answers.stamp(Answers.get(sluice, "/"), "second")).isEmpty());
        assertThat(Answers.stamp(Answers.get(sluice, "/only/here"), "second")).contains("1.0.0");

        home.configure(PID, "name=second", "enabled=false");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/only/here"), "second"))
                .isEmpty());
        assertThat(Answers.get(sluice, "/").statusCode())
                .as("disabled is not missing")
                .isEqualTo(404);

        Files.delete(home.conf().resolve(PID + ".cfg"));
        Answers.awaitServing(sluice, "second", "1.0.0");
        assertThat(sluice.status().chain()).extracting(Status.Unit::name).containsExactly("first", "second");
    }

    @Test
    void anOverrideKeepsItsHoldOnTheNextVersion() {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.configure(PID, "name=second", "paths=/only/*");
        home.copy(TestBundle.stamping("second", "1.0.0").jar(), "second.jar");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/only/x"), "second"))
                .contains("1.0.0"));
        Await.until(() ->
                assertThat(Answers.stamp(Answers.get(sluice, "/"), "second")).isEmpty());

        home.copy(TestBundle.stamping("second", "2.0.0").jar(), "second.jar");

        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/only/x"), "second"))
                .contains("2.0.0"));
        assertThat(Answers.stamp(Answers.get(sluice, "/"), "second")).isEmpty();
    }

    /** Only the override has it guard the path. */
    @Test
    void anOverrideIsThereBeforeTheFirstRequestWhenTheChainRestarts() {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        Saboteur saboteur = Saboteur.deploy(sluice);
        home.configure(PID, "name=second", "paths=/guarded/*");
        home.copy(
                TestBundle.of("test.second", "1.0.0")
                        .middleware("second", "/elsewhere", 50, "stamp")
                        .jar(),
                "second.jar");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/guarded/x"), "second"))
                .contains("1.0.0"));
        AtomicLong refused = new AtomicLong();
        try (Load load = Load.on(sluice.data("/guarded/x"), answer -> {
            if (answer.statusCode() == 503) {
                refused.incrementAndGet();
                return Optional.empty();
            }
            return Answers.stamp(answer, "second").isPresent() ? Optional.empty() : Optional.of("a bypass: " + answer);
        })) {
            for (int i = 0; i < 5; i++) {
                long before = refused.get();
                saboteur.begins("update", "dev.sluice.chain");
                // Only then has it begun: it is done on a thread of its own, whenever that comes to it.
                Await.until(() -> assertThat(refused.get()).isGreaterThan(before));
                Await.until(() -> assertThat(Answers.get(sluice, "/sabotage/").statusCode())
                        .isEqualTo(405));
                Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/guarded/x"), "second"))
                        .contains("1.0.0"));
            }
            assertThat(load.stop().complaints()).isEmpty();
        }
    }

    @Test
    void theOperatorMayHandANameToAnotherOwner() {
        SluiceProcess sluice = sluices.start();
        Home home = sluice.home();
        home.copy(TestBundle.stamping("greeting", "1.0.0").jar(), "greeting.jar");
        Answers.awaitServing(sluice, "greeting", "1.0.0");

        byte[] heir = TestBundle.of("test.heir", "2.0.0")
                .middleware("greeting", "/*", 100, "stamp")
                .jar();
        home.copy(heir, "heir.jar");
        Await.until(() -> assertThat(home.markerText("heir.jar")).contains("chain.owner.greeting=test.heir"));

        // As the marker says; and then the same file once more.
        home.configure("dev.sluice.chain", "chain.owner.greeting=test.heir");
        Await.until(() -> {
            home.copy(heir, "heir.jar");
            Await.until(Duration.ofSeconds(3), () -> assertThat(Answers.stamp(Answers.get(sluice, "/"), "greeting"))
                    .contains("2.0.0"));
        });
    }
}

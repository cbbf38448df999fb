package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import dev.sluice.itests.harness.Status;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A new version that does nothing wrong is promoted, and the promises hold at each of its steps. */
@Tag("process")
@Tag("one-java")
class GoodVersionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final List<Double> STEPS = List.of(1.0, 10.0, 50.0, 100.0);
    private static final int CONNECTIONS = 12;
    private static final String FORBIDDEN = "/forbidden/x";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Soak.isAsked() ? 30 : 3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isPromotedUnderLoadAndNothingIsLostPassedMixedOrStopped(long seed) {
        SluiceProcess sluice = sluices.shared(home -> {
            home.configure(
                    "dev.sluice.rollout-all",
                    "middleware=*",
                    "steps=1,10,50,100",
                    "step.time=1s",
                    "step.requests=20",
                    "step.cluster=1",
                    "bake=1s",
                    "sticky=header:X-User-Id");
            return SluiceProcess.on(home);
        });
        Home home = sluice.home();
        Greetings.deployApplication(home);
        home.copy(bundle("1.0.0"), Greetings.FILE);
        Await.until(() -> assertThat(sluice.status().serving("greeting")).contains("1.0.0"));

        Set<Double> shares = new TreeSet<>();
        try (Audience audience = new Audience(
                sluice, Greetings.STAMP, CONNECTIONS, seed, GoodVersionIT::complaint, "/", "/", "/", FORBIDDEN)) {
            audience.await(200);
            Lingering onTheOldOne = Lingering.in(sluice);
            home.copy(bundle("2.0.0"), Greetings.FILE);
            Await.until(PATIENCE, () -> {
                Status status = sluice.status();
                status.rollouts().forEach(rollout -> shares.add(rollout.share()));
                boolean isOver = shares.contains(100.0) && status.rollouts().isEmpty();
                boolean isWrong = !audience.complaints().isEmpty() || Files.exists(home.marker(Greetings.FILE));
                assertThat(isOver || isWrong)
                        .as("over: %s", status.json().get("rollouts"))
                        .isTrue();
            });
            assertThat(audience.complaints()).isEmpty();
            assertThat(home.marker(Greetings.FILE)).doesNotExist();
            assertThat(sluice.status().serving("greeting")).contains("2.0.0");
            long old = audience.of("1.0.0");
            audience.await(2_000);
            assertThat(audience.of("1.0.0")).as("the old one has no share").isLessThanOrEqualTo(old + CONNECTIONS);
            Answer last = onTheOldOne.end();
            assertThat(complaint("/", last)).isEmpty();
            assertThat(last.header(Greetings.STAMP)).contains("1.0.0");
            assertThat(audience.end()).isEmpty();
        }
        assertThat(shares).as("the shares it was shown with").containsExactlyElementsOf(STEPS);
        Await.until(() -> assertThat(sluice.status().deployments()).hasSize(2));
        assertThat(sluice.status().alarms()).isEmpty();
    }

    /**
     * P1: a request meets one version, before and after its async dispatch. P2: what is denied stays denied. P3: each request is
     * answered, and rightly. P4: who answers isn't stopped.
     */
    private static Optional<String> complaint(String target, Answer answer) {
        if (target.equals(FORBIDDEN)) {
            boolean isDenied = answer.status() == 403
                    && answer.header("X-denier").isPresent()
                    && answer.header("X-Stopped").isEmpty();
            return isDenied ? Optional.empty() : Optional.of("not denied: " + answer);
        }
        Optional<String> version = answer.header(Greetings.STAMP);
        boolean isMixed = !version.equals(answer.header("X-second")) || !version.equals(answer.header("X-third"));
        return isMixed ? Optional.of("mixed: " + answer) : Greetings.complaint(answer);
    }

    private static byte[] bundle(String version) {
        return TestBundle.of("test.greeting", version)
                .middleware("denier", "/forbidden/*", 1000, "deny")
                .middleware("greeting", "/*", 100, "stamp")
                .middleware("second", "/*", 50, "dispatch")
                .middleware("third", "/*", 20, "async")
                .jar();
    }
}

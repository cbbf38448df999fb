package dev.sluice.itests.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Digests;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a start makes of what it finds: the ledger first, then the folder. */
@Tag("process")
@Tag("one-java")
class RestartIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    @Test
    void afterABadFileAndAKillTheOldVersionStillServes() {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        home.copy("this is no JAR".getBytes(UTF_8), "greeting.jar");
        Await.until(() -> assertThat(home.marker("greeting.jar")).exists());
        Answers.assertServing(sluice, "greeting", "1.0.0");
        sluice.kill9();

        SluiceProcess again = sluices.start(home);

        Answers.assertServing(again, "greeting", "1.0.0");
        Await.until(() -> assertThat(again.status().deployments())
                .anySatisfy(deployment -> assertThat(deployment.state()).isEqualTo("FAILED"))
                .anySatisfy(deployment -> assertThat(deployment.state()).isEqualTo("PUBLISHED")));
        Answers.assertServing(again, "greeting", "1.0.0");
        assertThat(home.marker("greeting.jar")).exists();

        deploy(again, "1.1.0");
        Await.until(() -> assertThat(home.marker("greeting.jar")).doesNotExist());
    }

    @Test
    void aKillRightAfterACopyLosesNothing() {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        for (int round = 1; round <= 3; round++) {
            home.copy(greeting("1.0." + round), "greeting.jar");
            if (round > 1) {
                int now = round;
                Await.until(() -> assertThat(sha256Known(now)).isTrue());
            }
            sluice.kill9();
            sluice = sluices.start(home);
            assertThat(Answers.stamp(Answers.get(sluice, "/"), "greeting").orElse("bypassed"))
                    .isIn("1.0." + round, "1.0." + (round - 1));
            Answers.awaitServing(sluice, "greeting", "1.0." + round);
        }
    }

    @Test
    void aTornLastRecordIsRecognised() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        deploy(sluice, "1.1.0");
        sluice.kill9();
        // As if the container had died while it wrote one record more: what that announced had not happened yet.
        byte[] records = Files.readAllBytes(ledger());
        Files.write(ledger(), Arrays.copyOf(records, 60), StandardOpenOption.APPEND);

        SluiceProcess again = sluices.start(home);

        Answers.assertServing(again, "greeting", "1.1.0");
        assertThat(again.log()).contains("is torn");
    }

    @Test
    void whatWasRemovedWhileTheContainerWasDownIsGone() {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        home.copy(TestBundle.stamping("other", "1.0.0").jar(), "other.jar");
        Answers.awaitServing(sluice, "other", "1.0.0");
        assertThat(sluice.terminate()).isZero();
        home.remove("greeting.jar");

        SluiceProcess again = sluices.start(home);

        Answers.awaitGone(again, "greeting");
        Answers.assertServing(again, "other", "1.0.0");
        Await.until(() -> assertThat(again.status().place("greeting")).isEmpty());
    }

    @Test
    void whatWasReplacedWhileTheContainerWasDownServes() {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        assertThat(sluice.terminate()).isZero();
        home.copy(greeting("2.0.0"), "greeting.jar");

        Answers.awaitServing(sluices.start(home), "greeting", "2.0.0");
    }

    @Test
    void anUnmountedFolderRemovesNothingAndRaisesAnAlarm() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        assertThat(sluice.terminate()).isZero();
        Path away = home.path().resolve("unmounted");
        Files.move(home.deploy(), away);

        SluiceProcess again = sluices.start(home);
        assertAlarmAndServing(again);

        Home.delete(home.deploy());
        Files.move(away, home.deploy());
        Await.until(() -> assertThat(again.status().alarms()).isEmpty());
        deploy(again, "1.1.0");
    }

    @Test
    void aFolderEmptiedMarkerAndAllRemovesNothingAndRaisesAnAlarm() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        assertThat(sluice.terminate()).isZero();
        home.empty();
        Files.delete(home.deploy(".sluice-id"));

        assertAlarmAndServing(sluices.start(home));
    }

    @Test
    void aFolderUnmountedWhileItRunsRemovesNothingAndRaisesAnAlarm() throws IOException {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        Path away = home.path().resolve("unmounted");
        Files.move(home.deploy(), away);

        assertAlarmAndServing(sluice);

        Home.delete(home.deploy());
        Files.move(away, home.deploy());
        Await.until(() -> assertThat(sluice.status().alarms()).isEmpty());
        deploy(sluice, "1.1.0");
    }

    @Test
    void aFirstStartOnAFilledFolderServesFromTheFirstRequestOn() throws IOException {
        Files.createDirectories(home.deploy());
        home.copy(greeting("1.0.0"), "greeting.jar");

        SluiceProcess sluice = sluices.start(home);

        Answers.assertServing(sluice, "greeting", "1.0.0");
    }

    @Test
    void onAFirstStartAJarThatFailsKeepsItsPlaceClosed() throws IOException {
        Files.createDirectories(home.deploy());
        home.copy(
                TestBundle.stamping("guard", "1.0.0")
                        .header("Test-Start", "throw")
                        .header(
                                "Provide-Capability",
                                "dev.sluice.middleware;name=guard;paths:List<String>=\"/guarded/*\"")
                        .jar(),
                "guard.jar");

        SluiceProcess sluice = sluices.start(home);

        Await.until(
                () -> assertThat(Answers.get(sluice, "/guarded/x").statusCode()).isEqualTo(503));
        Await.until(() -> assertThat(Answers.get(sluice, "/free").statusCode()).isEqualTo(404));
        assertThat(Client.anonymous().get(sluice.admin("/health/ready")).statusCode())
                .isEqualTo(503);
        assertThat(home.markerText("guard.jar")).contains("no database");

        sluice.kill9();
        SluiceProcess again = sluices.start(home);

        assertThat(Answers.get(again, "/guarded/x").statusCode())
                .as("a restart opens nothing")
                .isEqualTo(503);
        home.copy(TestBundle.stamping("guard", "1.0.0").jar(), "guard.jar");
        Answers.awaitServing(again, "guard", "1.0.0");
    }

    @Test
    void aRestartBringsTheSameChainBack() {
        SluiceProcess sluice = sluices.start(home);
        deploy(sluice, "1.0.0");
        home.copy(greeting("2.0.0"), "greeting-2.jar");
        Answers.awaitServing(sluice, "greeting", "2.0.0");
        assertThat(sluice.terminate()).isZero();

        SluiceProcess again = sluices.start(home);

        Answers.assertServing(again, "greeting", "2.0.0");
        Await.until(() -> assertThat(again.status().standbys())
                .singleElement()
                .satisfies(standby -> assertThat(standby.version()).contains("1.0.0")));
    }

    private void assertAlarmAndServing(SluiceProcess sluice) {
        Status status = Await.value("alarm", () -> java.util.Optional.of(sluice.status())
                .filter(now -> !now.alarms().isEmpty()));
        assertThat(status.alarms()).anySatisfy(alarm -> assertThat(alarm).contains("deploy"));
        assertThat(status.serving("greeting")).contains("1.0.0");
        Answers.assertServing(sluice, "greeting", "1.0.0");
    }

    private void deploy(SluiceProcess sluice, String version) {
        home.copy(greeting(version), "greeting.jar");
        Answers.awaitServing(sluice, "greeting", version);
    }

    private static byte[] greeting(String version) {
        return TestBundle.stamping("greeting", version).jar();
    }

    /** The private copy is there: from here on the deployment is in the middle of its steps. */
    private boolean sha256Known(int round) throws IOException {
        String sha256 = Digests.sha256(greeting("1.0." + round));
        try (Stream<Path> files = Files.walk(home.data())) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(sha256));
        }
    }

    private Path ledger() throws IOException {
        try (Stream<Path> files = Files.walk(home.data())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().startsWith("ledger"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no ledger in " + home.data()));
        }
    }
}

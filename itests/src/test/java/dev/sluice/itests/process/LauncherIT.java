package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Jvm;
import dev.sluice.itests.harness.Ports;
import dev.sluice.itests.harness.ReadyLine;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Start and stop of the process: what it prints, and what it ends with. */
@Tag("process")
class LauncherIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @TempDir
    Path signals;

    @Test
    void oneReadyLineAndNothingElseThatWarns() {
        SluiceProcess sluice = sluices.start();

        assertThat(sluice.stdout().stream().filter(line -> ReadyLine.parse(line).isPresent()))
                .hasSize(1);
        assertThat(sluice.readyLine().version()).isNotBlank();
        assertThat(sluice.readyLine().console().getHost()).isEqualTo("127.0.0.1");
        assertThat(sluice.readyLine().millis()).isLessThan(30_000);
        assertThat(ownOutput(sluice))
                .doesNotContain("WARN")
                .doesNotContain("ERROR")
                .doesNotContain("\tat ");
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
    }

    @Tag("one-java")
    @Test
    void theHomeIsLaidOut() {
        Home home = sluices.start().home();

        assertThat(home.deploy()).isDirectory();
        assertThat(home.deploy(".sluice-id")).isRegularFile();
        assertThat(home.conf()).isDirectory();
        assertThat(home.data()).isDirectory();
        assertThat(home.path().resolve("logs")).isDirectory();
    }

    @Tag("one-java")
    @Test
    void theEnvironmentDoesWhatOptionsDo() {
        int port = Ports.free();
        int adminPort = Ports.free();

        SluiceProcess sluice = sluices.start(SluiceProcess.on(sluices.home())
                .ownPorts()
                .args("--admin-port", Integer.toString(adminPort))
                .env("SLUICE_PORT", Integer.toString(port))
                .env("SLUICE_ADMIN_PORT", "1"));

        assertThat(sluice.data().getPort()).isEqualTo(port);
        assertThat(sluice.admin().getPort())
                .as("the command line goes before the environment")
                .isEqualTo(adminPort);
    }

    @Tag("one-java")
    @Test
    void versionAndHelpSayWhatTheyAreAskedAndEnd() {
        SluiceProcess version = sluices.launch(SluiceProcess.on(sluices.home()).args("--version"));
        assertThat(version.awaitExit()).isZero();
        assertThat(version.stdout()).singleElement().asString().contains("Sluice");

        SluiceProcess help = sluices.launch(SluiceProcess.on(sluices.home()).args("--help"));
        assertThat(help.awaitExit()).isZero();
        assertThat(help.log())
                .contains(
                        "--home",
                        "--host",
                        "--port",
                        "--admin-host",
                        "--admin-port",
                        "--admin-password-file",
                        "--drain-timeout",
                        "--shutdown-delay",
                        "--version",
                        "SLUICE_HOME",
                        "SLUICE_ADMIN_PASSWORD");
        assertThat(help.home().path()).doesNotExist();
    }

    @Tag("one-java")
    @ParameterizedTest
    @ValueSource(strings = {"--prot=8080", "--port=http", "--port=70000", "--drain-timeout=soon", "--admin-password=x"})
    void aWrongOptionIsOneClearLine(String option) {
        SluiceProcess sluice =
                sluices.launch(SluiceProcess.on(sluices.home()).ownPorts().args(option));

        assertRefused(sluice, 2, option.split("=")[0]);
    }

    @Tag("one-java")
    @Test
    void aTakenPortIsOneClearLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            SluiceProcess sluice = sluices.launch(
                    SluiceProcess.on(sluices.home()).ownPorts().args("--port", port, "--admin-port", "0"));

            assertRefused(sluice, 1, port);
        }
    }

    @Tag("one-java")
    @Test
    void aSecondContainerOnTheHomeIsOneClearLine() {
        SluiceProcess first = sluices.start();

        SluiceProcess second = sluices.launch(SluiceProcess.on(first.home()));

        assertRefused(second, 1, Long.toString(first.pid()));
        assertThat(first.isAlive()).isTrue();
        assertThat(Answers.get(first, "/").statusCode()).isEqualTo(404);
    }

    @Tag("one-java")
    @Test
    void anUnwritableHomeIsOneClearLine() {
        // Even root can't make a folder there.
        Path nowhere = Path.of("/proc/sluice-itests/home");
        assumeThat(Path.of("/proc")).isDirectory();

        assertRefused(sluices.launch(SluiceProcess.on(new Home(nowhere))), 1, nowhere.toString());
    }

    @Tag("one-java")
    @Test
    void aHomeThatIsAFileIsOneClearLine() throws IOException {
        Home home = sluices.home();
        Files.writeString(home.path(), "a file");

        assertRefused(sluices.launch(SluiceProcess.on(home)), 1, home.path().toString());
    }

    @Test
    void sigtermLetsRequestsFinishRefusesNewOnesAndEndsWithZero() throws Exception {
        Home home = sluices.home();
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home).args("--shutdown-delay", "1s"));
        Path stopped = signals.resolve("stopped");
        home.copy(Answers.application(), "application.jar");
        home.copy(
                TestBundle.of("test.slow", "1.0.0")
                        .middleware("slow", "/slow", 1, "wait")
                        .tellsWhenStopped(stopped)
                        .jar(),
                "slow.jar");
        Await.until(() -> assertThat(Answers.get(sluice, "/slow").statusCode()).isEqualTo(200));
        Path go = signals.resolve("go");
        CompletableFuture<HttpResponse<String>> answer = Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());

        sluice.sigterm();
        Await.until(() -> assertThat(
                        Client.anonymous().get(sluice.admin("/health/ready")).statusCode())
                .as("readiness goes down first")
                .isEqualTo(503));
        assertThat(Answers.get(sluice, "/").statusCode())
                .as("during the delay requests are still served")
                .isIn(200, 503);
        Await.until(() -> assertThat(Answers.get(sluice, "/").statusCode())
                .as("then refused")
                .isEqualTo(503));
        assertThat(stopped).as("drain first, then stop").doesNotExist();
        Files.createFile(go);

        HttpResponse<String> finished = answer.get();
        assertThat(finished.statusCode()).isEqualTo(200);
        assertThat(finished.headers().firstValue("X-Stopped")).isEmpty();
        assertThat(sluice.awaitExit()).isZero();
        assertThat(stopped).hasContent("1.0.0");
        assertThat(sluice.log()).doesNotContain("\tat ");
    }

    /** As {@code cp} and a build do it: the same file, with other bytes. */
    @Test
    void aStopIsInGoodOrderThoughAnotherJarWasCopiedOverTheOneThatRuns() throws Exception {
        Path jar = signals.resolve("sluice.jar");
        Files.copy(Shipped.jar(), jar);
        Path stopped = signals.resolve("stopped");
        Home home = sluices.home();
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home).jar(jar));
        home.copy(Answers.application(), "application.jar");
        home.copy(
                TestBundle.of("test.slow", "1.0.0")
                        .middleware("slow", "/slow", 1, "wait")
                        .tellsWhenStopped(stopped)
                        .jar(),
                "slow.jar");
        Await.until(() -> assertThat(Answers.get(sluice, "/slow").statusCode()).isEqualTo(200));
        Await.until(() -> assertThat(Jvm.of(sluice).threads()).doesNotContain("sluice-own-classes"));
        byte[] other = new byte[(int) Files.size(jar)];
        Arrays.fill(other, (byte) 'x');
        Object inode = Files.getAttribute(jar, "unix:ino");
        Files.write(jar, other, StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(Files.getAttribute(jar, "unix:ino")).isEqualTo(inode);
        Path go = signals.resolve("go");
        CompletableFuture<HttpResponse<String>> answer = Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());

        sluice.sigterm();
        Await.until(() -> assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(503));
        Files.createFile(go);

        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(sluice.awaitExit()).isZero();
        assertThat(stopped).hasContent("1.0.0");
        assertThat(sluice.log()).doesNotContain("\tat ", "Error", "could not stop");
    }

    @Test
    void aRequestThatIsStuckIsNamedAtTheDrainDeadline() throws Exception {
        Home home = sluices.home();
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home).args("--drain-timeout", "500ms"));
        home.copy(
                TestBundle.of("test.slow", "1.0.0")
                        .middleware("slow", "/slow", 1, "wait")
                        .jar(),
                "slow.jar");
        Await.until(() ->
                assertThat(Answers.stamp(Answers.get(sluice, "/slow"), "slow")).isPresent());
        Path go = signals.resolve("go");
        Client.anonymous().getLater(sluice.data("/slow?wait=" + go));
        Await.until(() -> assertThat(signals.resolve("go.entered")).exists());

        assertThat(sluice.terminate()).isZero();

        String log = sluice.log() + Files.readString(home.path().resolve("logs").resolve("sluice.log"));
        assertThat(log).contains("GET").contains("/slow").contains("fixture.Activator");
    }

    @Test
    void sigtermUnderLoadEndsWithZeroAndNoWrongAnswer() {
        SluiceProcess sluice = sluices.start();
        sluice.home().copy(Answers.application(), "application.jar");
        Answers.awaitServing(sluice, "application", "1.0.0");
        List<Thread> clients = new java.util.ArrayList<>();
        java.util.Set<Integer> statuses = java.util.concurrent.ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        statuses.add(Answers.get(sluice, "/").statusCode());
                    }
                } catch (java.io.UncheckedIOException gone) {
                    return;
                }
            });
            thread.start();
            clients.add(thread);
        }
        Await.until(() -> assertThat(statuses).contains(200));

        assertThat(sluice.terminate()).isZero();

        clients.forEach(thread -> {
            try {
                thread.join(Duration.ofSeconds(40).toMillis());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(statuses).isSubsetOf(200, 503);
    }

    /**
     * Without the four lines that JDK 24 and newer print as soon as Felix's SecureAction is loaded: its initialiser calls
     * sun.misc.Unsafe, whatever the manifest opens and however the framework is configured.
     */
    private static String ownOutput(SluiceProcess sluice) {
        return sluice.log()
                .lines()
                .filter(line ->
                        !line.equals("WARNING: A terminally deprecated method in sun.misc.Unsafe has been called"))
                .filter(line -> !(line.startsWith("WARNING: ")
                        && line.contains("org.apache.felix.framework.util.SecureAction")))
                .filter(line -> !line.startsWith("WARNING: sun.misc.Unsafe::staticFieldOffset will be removed"))
                .collect(Collectors.joining("\n"));
    }

    private static void assertRefused(SluiceProcess sluice, int exitCode, String names) {
        assertThat(sluice.awaitExit()).isEqualTo(exitCode);
        assertThat(sluice.stderr()).as("one clear line, and at most a hint").hasSizeBetween(1, 2);
        assertThat(sluice.stderr().get(0)).contains(names);
        assertThat(sluice.log()).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(sluice.isReady()).isFalse();
    }
}

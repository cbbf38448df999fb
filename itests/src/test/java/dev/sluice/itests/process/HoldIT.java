package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What waiting for a middleware costs those who don't wait. */
@Tag("process")
class HoldIT {

    private static final int THREADS = 16;

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
    }

    private static SluiceProcess holding() {
        Home home = sluices.home();
        home.configure("dev.sluice.chain", "hold.timeout = 10m");
        SluiceProcess sluice = sluices.start(SluiceProcess.on(home).args("--threads", String.valueOf(THREADS)));
        home.copy(
                TestBundle.of("test.victim", "1.0.0")
                        .middleware("victim", "/held/*", 1, "stamp")
                        .jar(),
                "victim.jar");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/held/x"), "victim"))
                .contains("1.0.0"));
        return sluice;
    }

    /** Sends a request and doesn't wait for its answer. */
    private BufferedReader sent(SluiceProcess sluice, String path) throws IOException {
        Socket client = new Socket(sluice.data().getHost(), sluice.data().getPort());
        client.setSoTimeout((int) Await.PATIENCE.toMillis());
        clients.add(client);
        client.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void awaitHeld(SluiceProcess sluice, int requests) {
        Await.until(
                () -> assertThat(sluice.status().json().get("held").getAsInt()).isEqualTo(requests));
    }

    private static boolean hasVirtualThreads(SluiceProcess sluice) throws IOException {
        Path release = Path.of(sluice.java()).toRealPath().getParent().resolveSibling("release");
        String version = Files.readAllLines(release).stream()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .findFirst()
                .orElseThrow()
                .replaceAll("[^0-9.]", "");
        return Integer.parseInt(version.split("\\.")[0]) >= 21;
    }

    private static int platformThreads(SluiceProcess sluice) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(sluice.pid()), "status")).stream()
                .filter(line -> line.startsWith("Threads:"))
                .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")))
                .sum();
    }

    private static void assertServesOthers(SluiceProcess sluice) {
        for (int i = 0; i < 20; i++) {
            assertThat(Answers.get(sluice, "/free").statusCode()).isEqualTo(404);
        }
        assertThat(Client.anonymous().get(sluice.admin("/health/ready")).statusCode())
                .as("ready while it holds")
                .isEqualTo(200);
    }

    @Test
    void whereThreadsAreFewHalfOfThemAreLeftToThoseWhoNeedNotWait() throws Exception {
        SluiceProcess sluice = holding();
        assumeTrue(!hasVirtualThreads(sluice), "this JVM has virtual threads");
        Saboteur saboteur = Saboteur.deploy(sluice);
        saboteur.does("stop", "test.victim");
        List<BufferedReader> held = new ArrayList<>();
        for (int i = 1; i <= THREADS / 2; i++) {
            held.add(sent(sluice, "/held/" + i));
        }
        awaitHeld(sluice, THREADS / 2);

        assertThat(Answers.get(sluice, "/held/more").statusCode()).isEqualTo(503);
        assertServesOthers(sluice);

        saboteur.does("start", "test.victim");
        for (BufferedReader answer : held) {
            assertThat(answer.lines()).contains("X-victim: 1.0.0");
        }
    }

    @Test
    void aThousandWaitOnVirtualThreadsAndHoldNoPlatformThread() throws Exception {
        SluiceProcess sluice = holding();
        assumeTrue(hasVirtualThreads(sluice), "this JVM has no virtual threads");
        Saboteur saboteur = Saboteur.deploy(sluice);
        saboteur.does("stop", "test.victim");
        int before = platformThreads(sluice);
        List<BufferedReader> held = new ArrayList<>();
        for (int i = 1; i <= 1000; i++) {
            held.add(sent(sluice, "/held/" + i));
        }
        awaitHeld(sluice, 1000);

        assertThat(platformThreads(sluice)).isLessThan(before + 50);
        assertThat(Answers.get(sluice, "/held/more").statusCode()).isEqualTo(503);
        assertServesOthers(sluice);

        saboteur.does("start", "test.victim");
        for (BufferedReader answer : held) {
            assertThat(answer.lines()).contains("X-victim: 1.0.0");
        }
    }

    /** The same when it stays away: the ones that wait are answered once, and later ones at once. */
    @Test
    void whatDoesNotComeBackIsRefusedAndComesBackByAStart() throws Exception {
        Home home = sluices.home();
        home.configure("dev.sluice.chain", "hold.timeout = 300ms");
        SluiceProcess sluice = sluices.start(home);
        home.copy(
                TestBundle.of("test.victim", "1.0.0")
                        .middleware("victim", "/held/*", 1, "stamp")
                        .jar(),
                "victim.jar");
        Await.until(() -> assertThat(Answers.stamp(Answers.get(sluice, "/held/x"), "victim"))
                .contains("1.0.0"));
        Saboteur saboteur = Saboteur.deploy(sluice);
        saboteur.does("stop", "test.victim");
        Await.always(
                Duration.ofMillis(600),
                () -> assertThat(Answers.get(sluice, "/held/x").statusCode()).isEqualTo(503));
        assertThat(sluice.status().place("victim").orElseThrow().state()).isEqualTo("MISSING");
        saboteur.does("start", "test.victim");
        assertThat(Answers.stamp(Answers.get(sluice, "/held/x"), "victim")).contains("1.0.0");
    }
}

package dev.sluice.deployer.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.TestJar;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With real files, real events and real time. The scan interval is so long that only events can be in time. */
@Timeout(60)
class FolderWatchTest {

    @TempDir
    private Path home;

    private Path dir;
    private DeployFolder folder;
    private FolderWatch watch;
    private WatchSettings settings = new WatchSettings(
            Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(1), Duration.ofSeconds(10));

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private class Queueing implements BatchListener {
        @Override
        public void settled(Batch batch) {
            batch.accepted().stream().map(Artifact::file).forEach(file -> heard.add("+" + file));
            batch.refused().stream().map(Verdict.Refused::file).forEach(file -> heard.add("!" + file));
            batch.gone().forEach(file -> heard.add("-" + file));
        }

        @Override
        public void health(FolderHealth health) {
            heard.add(health.getClass().getSimpleName());
        }

        @Override
        public void waiting(String file, String message) {
            heard.add("?" + file);
        }

        @Override
        public void seen(String file) {}
    }

    @BeforeEach
    void make() throws IOException {
        dir = home.resolve("deploy");
        folder = new DeployFolder(dir, home.resolve("data/deploy-id"));
        folder.initialise();
        watch = new FolderWatch(
                folder,
                new Store(home.resolve("data/store")),
                Inspection.of(new Verification(() -> VerificationLimits.DEFAULT)),
                () -> settings,
                Map.of());
    }

    @AfterEach
    void close() {
        watch.close();
    }

    @Test
    void hearsOfAFileThatIsCopiedOverwrittenAndRemoved() throws Exception {
        started();

        TestJar.bundle("a", "1").write(dir.resolve("ö a.jar"));
        assertThat(next()).isEqualTo("+ö a.jar");

        TestJar.bundle("a", "2").write(dir.resolve("ö a.jar"));
        assertThat(next()).isEqualTo("+ö a.jar");

        Files.delete(dir.resolve("ö a.jar"));
        assertThat(next()).isEqualTo("-ö a.jar");
    }

    @Test
    void hearsOfAFileThatWasPut() throws Exception {
        started();

        folder.put("a.jar", new ByteArrayInputStream(TestJar.bundle("a", "1").bytes()));

        assertThat(next()).isEqualTo("+a.jar");
    }

    @Test
    void waitsForASlowCopy() throws Exception {
        settings = new WatchSettings(
                Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(1), Duration.ofMillis(1));
        started();
        byte[] jar = TestJar.bundle("a", "1").bytes();

        try (OutputStream out = Files.newOutputStream(dir.resolve("a.jar"))) {
            out.write(jar, 0, 50);
            assertThat(next()).isEqualTo("?a.jar");
            assertThat(watch.scanNow()).succeedsWithin(Duration.ofSeconds(20));
            out.write(jar, 50, jar.length - 50);
        }

        assertThat(nextBut("?a.jar")).isEqualTo("+a.jar");
    }

    @Test
    void completesAScanWhenWhatWasThereIsHandedOver() throws Exception {
        TestJar.bundle("a", "1").write(dir.resolve("a.jar"));
        Files.writeString(dir.resolve("bad.jar"), "no zip");

        watch.start(new Queueing());
        assertThat(watch.scanNow()).succeedsWithin(Duration.ofSeconds(20));

        assertThat(heard).containsExactly("Mounted", "+a.jar", "!bad.jar");
    }

    @Test
    void hearsThatTheMarkerIsGoneAndBack() throws Exception {
        started();

        Files.delete(dir.resolve(".sluice-id"));
        assertThat(next()).isEqualTo("Unavailable");

        Files.copy(home.resolve("data/deploy-id"), dir.resolve(".sluice-id"));
        assertThat(nextBut("Unavailable")).isEqualTo("Mounted");
    }

    @Test
    void followsAFolderThatWentAwayAndCameBack() throws Exception {
        settings = new WatchSettings(
                Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(100), Duration.ofSeconds(10));
        started();

        Files.delete(dir.resolve(".sluice-id"));
        Files.delete(dir);
        assertThat(next()).isEqualTo("Unavailable");
        heard.clear();
        Files.createDirectory(dir);
        Files.copy(home.resolve("data/deploy-id"), dir.resolve(".sluice-id"));
        assertThat(nextBut("Unavailable")).isEqualTo("Mounted");
        assertThat(watch.scanNow()).succeedsWithin(Duration.ofSeconds(20));

        // From here on only events are quick enough.
        settings = new WatchSettings(
                Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofHours(1), Duration.ofSeconds(10));
        assertThat(watch.scanNow()).succeedsWithin(Duration.ofSeconds(20));
        TestJar.bundle("a", "1").write(dir.resolve("a.jar"));
        assertThat(next()).isEqualTo("+a.jar");
    }

    @Test
    void outlivesAListenerThatFails() throws Exception {
        watch.start(new Queueing() {
            @Override
            public void settled(Batch batch) {
                super.settled(batch);
                throw new IllegalStateException("the listener's fault");
            }
        });
        TestJar.bundle("a", "1").write(dir.resolve("a.jar"));
        assertThat(nextBut("Mounted")).isEqualTo("+a.jar");

        TestJar.bundle("b", "1").write(dir.resolve("b.jar"));
        assertThat(next()).isEqualTo("+b.jar");
    }

    @Test
    void looksAnewAtAForgottenFile() throws Exception {
        started();
        TestJar.bundle("a", "1").write(dir.resolve("a.jar"));
        assertThat(next()).isEqualTo("+a.jar");

        watch.forget("a.jar");

        assertThat(next()).isEqualTo("+a.jar");
    }

    @Test
    void callsTheListenerOnItsOneThread() throws Exception {
        CompletableFuture<String> name = new CompletableFuture<>();
        watch.start(new Queueing() {
            @Override
            public void health(FolderHealth health) {
                name.complete(Thread.currentThread().getName());
            }
        });

        assertThat(name.get(20, TimeUnit.SECONDS)).isEqualTo("sluice-deployer");
        assertThatThrownBy(() -> watch.start(new Queueing())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cancelsScansWhenItIsClosedAndMayBeClosedByTheListener() throws Exception {
        CompletableFuture<CompletableFuture<Void>> asked = new CompletableFuture<>();
        watch.start(new Queueing() {
            @Override
            public void health(FolderHealth health) {
                CompletableFuture<Void> scan = watch.scanNow();
                watch.close();
                asked.complete(scan);
            }
        });

        assertThat(asked.get(20, TimeUnit.SECONDS)).isCancelled();
        assertThat(watch.scanNow()).isCancelled();
    }

    private void started() throws Exception {
        watch.start(new Queueing());
        assertThat(next()).isEqualTo("Mounted");
        watch.scanNow().get(20, TimeUnit.SECONDS);
    }

    private String next() throws InterruptedException {
        String line = heard.poll(20, TimeUnit.SECONDS);
        return line == null ? "nothing within 20 s" : line;
    }

    private String nextBut(String ignored) throws InterruptedException {
        String line = next();
        while (line.equals(ignored)) {
            line = next();
        }
        return line;
    }
}

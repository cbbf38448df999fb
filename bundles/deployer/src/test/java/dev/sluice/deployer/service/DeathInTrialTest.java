package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.ledger.TrialLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart makes of contents that were being tried when the process died. */
class DeathInTrialTest {

    @TempDir
    Path home;

    private Fixture fixture;
    private String sha256;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        fixture.settle();
        middleware("bad", "1.0.0", "bad").writeTo(fixture.file("bad.jar"));
        fixture.settle();
        sha256 = fixture.deployments("bad.jar").get(0).sha256().orElseThrow();
        Path file = Files.move(fixture.file("bad.jar"), home.resolve("kept.jar"));
        fixture.settle();
        fixture.crash();
        Files.move(file, fixture.file("bad.jar"));
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    /** As a process leaves it that dies in the trial. */
    private void die() {
        new TrialLog(fixture.data("trials")).began(sha256, "bad.jar");
    }

    private boolean nothingIsWrittenDown() throws Exception {
        try (Stream<Path> files = Files.list(fixture.data("trials"))) {
            return files.findAny().isEmpty();
        }
    }

    @Test
    void oneDeathCondemnsNobodyAndATrialThatEndsIsForgotten() throws Exception {
        die();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("bad=1.0.0 good=1.0.0");
        eventually("nothing is held against it", () -> {
            try {
                return nothingIsWrittenDown();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void twoDeathsInARowDoUntilTheFileIsCopiedAgain() throws Exception {
        die();
        die();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.reason("bad.jar")).startsWith("the container's process died 2 times in a row");
        assertThat(fixture.marker("bad.jar")).contains("copy the file again to try it once more");
        fixture.crashAndStart();
        assertThat(fixture.reason("bad.jar")).startsWith("the container's process died 2 times in a row");

        Files.setLastModifiedTime(
                fixture.file("bad.jar"), FileTime.from(Instant.now().plusSeconds(5)));
        eventually("it is tried again", () -> fixture.chain.serving().equals("bad=1.0.0 good=1.0.0"));
        fixture.settle();
        assertThat(fixture.hasMarker("bad.jar")).isFalse();
    }

    @Test
    void whatHasCalledExitIsNotTriedAgainAtAll() throws Exception {
        new TrialLog(fixture.data("trials")).exits(sha256, "a.Activator.start(Activator.java:13)");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
        assertThat(fixture.reason("bad.jar")).contains("a.Activator.start(Activator.java:13) called System.exit");

        middleware("bad", "1.0.1", "bad").writeTo(fixture.file("bad.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("bad=1.0.1 good=1.0.0");
        eventually(
                "it is forgotten",
                () -> !new TrialLog(fixture.data("trials")).suspects(sha256)
                        && new TrialLog(fixture.data("trials")).exited(sha256).isEmpty());
    }

    @Test
    void whatWasPublishedAndExitsKeepsItsPlaceClosed() throws Exception {
        String good = sha256Of("good.jar");
        new TrialLog(fixture.data("trials")).exits(good, "a.Activator.start(Activator.java:13)");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("bad=1.0.0 good=closed");
        Files.setLastModifiedTime(
                fixture.file("good.jar"), FileTime.from(Instant.now().plusSeconds(5)));
        eventually("it is tried again", () -> fixture.chain.serving().equals("bad=1.0.0 good=1.0.0"));
    }

    private String sha256Of(String file) throws Exception {
        return dev.sluice.deployer.store.Sha256.of(fixture.file(file));
    }

    @Test
    void deathsDoNotKeepBackWhatWasPublished() throws Exception {
        sha256 = sha256Of("good.jar");
        die();
        die();
        die();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("bad=1.0.0 good=1.0.0");
    }

    @Test
    void aStopInAnOrderlyWayDuringATrialIsNoDeath() throws Exception {
        fixture.start();
        System.setProperty("sluice.test.wait", "true");
        try {
            new dev.sluice.deployer.testing.BundleJar("slow", "1.0.0")
                    .activator("while (Boolean.getBoolean(\"sluice.test.wait\")) Thread.sleep(5);", "")
                    .writeTo(fixture.file("slow.jar"));
            eventually("it is tried", () -> {
                try {
                    return !nothingIsWrittenDown();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            fixture.run.close();
            assertThat(nothingIsWrittenDown()).isTrue();
        } finally {
            System.clearProperty("sluice.test.wait");
        }
        fixture.startRun();
        assertThat(fixture.chain.serving()).isEqualTo("bad=1.0.0 good=1.0.0");
    }
}

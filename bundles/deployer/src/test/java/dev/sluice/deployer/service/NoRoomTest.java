package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** A disk on which the framework's cache can't keep another bundle. Files stand where its directories would be made. */
class NoRoomTest extends WithFixture {

    private static final int IDS = 100;

    @Test
    void aBundleThatTheCacheCantKeepIsTriedAgainByItselfWhenItCan() throws Exception {
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        Path cache = fixture.cache(0);
        obstruct(cache);
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();

        assertThat(fixture.reason("greeting.jar")).contains("framework's cache", "free space", "by itself");
        assertThat(fixture.marker("greeting.jar")).contains("framework's cache");
        assertThat(fixture.chain.serving()).isEqualTo("other=1.0.0");
        clear(cache);
        eventually("it is deployed", () -> fixture.chain.serving().contains("greeting=1.0.0"));
        fixture.settle();
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED other.jar:PUBLISHED");
    }

    @Test
    void aBundleThatWasPublishedAndTheCacheCantKeepComesBackWhenItCan() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        fixture.crash();
        Path cache = fixture.cache(1);
        fixture.newFramework();
        obstruct(cache);
        fixture.startRun();

        assertThat(fixture.reason("greeting.jar")).contains("framework's cache");
        assertThat(fixture.chain.serving()).doesNotContain("greeting=1.0.0");
        clear(cache);
        eventually("it is back", () -> fixture.chain.serving().contains("greeting=1.0.0"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
    }

    private static BundleJar library() {
        return new BundleJar("lib", "1.0.0")
                .header("Export-Package", "lib")
                .source("lib.Api", "package lib; public class Api {}");
    }

    @Test
    void whatNeedsItIsTriedAgainWithIt() throws Exception {
        Path lib = library().writeTo(home.resolve("lib.jar"));
        Path user = middleware("user", "1.0.0", "user").imports("lib").writeTo(home.resolve("user.jar"));
        long next = Stream.of(fixture.framework.context().getBundles())
                        .mapToLong(Bundle::getBundleId)
                        .max()
                        .orElseThrow()
                + 1;
        // No room for the first of the two.
        Files.createFile(fixture.cache(0).resolve("bundle" + next));
        Files.move(lib, fixture.file("lib.jar"));
        Files.move(user, fixture.file("user.jar"));
        fixture.settle();
        assertThat(fixture.reason("lib.jar")).contains("framework's cache");
        assertThat(fixture.reason("user.jar")).contains("no bundle here exports it");
        eventually("both are there", () -> fixture.states().equals("lib.jar:PUBLISHED user.jar:PUBLISHED"));
        fixture.settle();
        assertThat(fixture.hasMarker("user.jar")).isFalse();
    }

    @Test
    void whatHasItsContentIsTriedAgainWithIt() throws Exception {
        Path lib = library().writeTo(home.resolve("lib.jar"));
        Path twin = Files.copy(lib, home.resolve("twin.jar"));
        Path cache = fixture.cache(0);
        obstruct(cache);
        Files.move(lib, fixture.file("lib.jar"));
        Files.move(twin, fixture.file("twin.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("lib.jar:FAILED twin.jar:FAILED");
        clear(cache);
        eventually(
                "one is there, and the other is known for the same",
                () -> fixture.states().equals("lib.jar:PUBLISHED twin.jar:DUPLICATE")
                        || fixture.states().equals("lib.jar:DUPLICATE twin.jar:PUBLISHED"));
    }

    @Test
    void whileItIsTriedAgainTheMarkerIsNotWrittenAnewAndTheReasonStaysTheSame() throws Exception {
        Path cache = fixture.cache(0);
        obstruct(cache);
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        String reason = fixture.reason("greeting.jar");
        FileTime written = Files.getLastModifiedTime(fixture.file("greeting.jar.failed"));
        Instant before = fixture.deployments("greeting.jar").get(0).since();

        eventually("it was tried again", () -> fixture.in("greeting.jar", DeploymentState.FAILED)
                .filter(view -> view.since().isAfter(before))
                .isPresent());
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).isEqualTo(reason);
        assertThat(Files.getLastModifiedTime(fixture.file("greeting.jar.failed")))
                .isEqualTo(written);
    }

    @Test
    void contentsInWhoseTrialTheProcessDiedAreTriedOneAtATime() throws Exception {
        fixture.crash();
        String meet =
                """
                Object parties = System.getProperties().computeIfAbsent("meet", any -> new java.util.concurrent.CyclicBarrier(2));
                try {
                    ((java.util.concurrent.CyclicBarrier) parties).await(2, java.util.concurrent.TimeUnit.SECONDS);
                    System.setProperty("met", "yes");
                } catch (java.util.concurrent.TimeoutException | java.util.concurrent.BrokenBarrierException e) {
                    System.getProperties().remove("meet");
                }
                """;
        for (String name : List.of("one", "two")) {
            Path file = new BundleJar(name, "1.0.0").activator(meet, "").writeTo(fixture.file(name + ".jar"));
            new TrialLog(fixture.data("trials")).began(Sha256.of(file), name + ".jar");
        }
        Path cache = fixture.cache(1);
        fixture.newFramework();
        obstruct(cache);
        fixture.startRun();
        assertThat(fixture.states()).isEqualTo("one.jar:FAILED two.jar:FAILED");
        System.clearProperty("met");
        clear(cache);
        eventually("both are there", () -> fixture.states().equals("one.jar:PUBLISHED two.jar:PUBLISHED"));
        assertThat(System.getProperty("met")).as("both tried at once").isNull();
    }

    private static void obstruct(Path cache) throws IOException {
        for (int id = 1; id < IDS; id++) {
            if (!Files.exists(cache.resolve("bundle" + id))) {
                Files.createFile(cache.resolve("bundle" + id));
            }
        }
    }

    private static void clear(Path cache) throws IOException {
        for (int id = 1; id < IDS; id++) {
            if (Files.isRegularFile(cache.resolve("bundle" + id))) {
                Files.delete(cache.resolve("bundle" + id));
            }
        }
    }
}

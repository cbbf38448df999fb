package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.testing.FakeChain;
import dev.sluice.deployer.testing.TestFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk on which the framework's cache can't keep another bundle. Files stand where its directories would be made. */
class NoRoomTest {

    private static final int IDS = 100;

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    @Test
    void aBundleThatTheCacheCantKeepIsTriedAgainByItselfWhenItCan() throws Exception {
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        Path cache = home.resolve("framework-0");
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
        Path cache = home.resolve("obstructed");
        fixture.framework = new TestFramework(cache);
        fixture.chain = new FakeChain(fixture.framework.context());
        obstruct(cache);
        fixture.startRun();

        assertThat(fixture.reason("greeting.jar")).contains("framework's cache");
        assertThat(fixture.chain.serving()).doesNotContain("greeting=1.0.0");
        clear(cache);
        eventually("it is back", () -> fixture.chain.serving().contains("greeting=1.0.0"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
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

package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder that is filled with more files at once than the machine can start at the same time. */
class ManyAtOnceTest {

    private static final int TURNS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new Fixture(home);
        Files.createDirectories(fixture.deploy());
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        System.getProperties().keySet().removeIf(key -> key.toString().startsWith("sluice.test."));
    }

    private void fill(int count, String activator) {
        for (int i = 0; i < count; i++) {
            new BundleJar("many-" + i, "1.0.0")
                    .activator(activator + " register(\"many-" + i + "\");", "")
                    .writeTo(fixture.file("many-" + i + ".jar"));
        }
    }

    private long serving() {
        return fixture.chain.view().places().stream()
                .filter(place -> place.serving().isPresent())
                .count();
    }

    @Test
    void onlySoManyStartAtTheSameTime() throws Exception {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Properties shared = System.getProperties();
        shared.put("sluice.test.change", (IntUnaryOperator) by -> most.accumulateAndGet(now.addAndGet(by), Math::max));
        String change = "((java.util.function.IntUnaryOperator) System.getProperties().get(\"sluice.test.change\"))"
                + ".applyAsInt(%d);";
        fill(
                3 * TURNS,
                change.formatted(1)
                        + " long end = System.nanoTime() + 50_000_000; while (System.nanoTime() < end) Thread.onSpinWait(); "
                        + change.formatted(-1));
        fixture.start();
        eventually("all serve", () -> serving() == 3 * TURNS);
        assertThat(most).hasValueLessThanOrEqualTo(TURNS);
    }

    /** All of them together take longer than one may, and none has taken so long. */
    @Test
    void theDeadlineOfOneCountsFromItsTurn() throws Exception {
        fixture.settings = Fixture.settings(Duration.ofMillis(2_500), Duration.ofHours(1));
        fill(
                7 * TURNS,
                "long end = System.nanoTime() + 500_000_000; while (System.nanoTime() < end) Thread.onSpinWait();");
        fixture.start();
        assertThat(serving()).isEqualTo(7 * TURNS);
    }

    @Test
    void thoseThatWaitInTheirStartForAnotherLetItStart() throws Exception {
        CountDownLatch last = new CountDownLatch(2 * TURNS);
        System.getProperties().put("sluice.test.latch", last);
        fill(
                2 * TURNS,
                "java.util.concurrent.CountDownLatch latch ="
                        + " (java.util.concurrent.CountDownLatch) System.getProperties().get(\"sluice.test.latch\");"
                        + " latch.countDown(); latch.await();");
        fixture.start();
        eventually("all serve", () -> serving() == 2 * TURNS);
    }
}

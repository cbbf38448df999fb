package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test with a deployer that runs, and an empty folder. */
abstract class WithFixture {

    @TempDir
    Path home;

    Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
    }

    /** A minute passes, and what the versions have answered themselves by then is noted. */
    void noted() {
        fixture.nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        long notes = fixture.chain.notes();
        // The next look may have begun before the minute was over.
        eventually("it was noted", () -> {
            fixture.nanos.addAndGet(Duration.ofSeconds(6).toNanos());
            return fixture.chain.notes() >= notes + 2;
        });
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }
}

package dev.sluice.deployer.service;

import java.nio.file.Path;
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

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }
}

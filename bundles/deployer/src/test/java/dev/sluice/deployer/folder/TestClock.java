package dev.sluice.deployer.folder;

import java.time.Duration;
import java.time.Instant;

/** Time that passes only when a test says so. */
final class TestClock {

    private long nanos = 1_000;

    long nanos() {
        return nanos;
    }

    Instant now() {
        return Instant.parse("2026-01-01T12:00:00Z").plusNanos(nanos);
    }

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }
}

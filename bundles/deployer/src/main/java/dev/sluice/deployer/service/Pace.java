package dev.sluice.deployer.service;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How time passes for rollouts.
 *
 * @param nanos the clock that the times of steps are measured by
 * @param looks how often what the versions have done is looked at
 */
record Pace(LongSupplier nanos, Duration looks) {

    static final Pace REAL = new Pace(System::nanoTime, Duration.ofSeconds(1));
}

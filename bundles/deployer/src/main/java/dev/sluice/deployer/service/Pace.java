package dev.sluice.deployer.service;

import dev.sluice.deployer.trial.Timer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How time passes for rollouts and trials.
 *
 * @param nanos the clock that the times of steps are measured by
 * @param looks how often what the versions have done is looked at
 * @param trials the clock that trials have their deadlines by
 */
record Pace(LongSupplier nanos, Duration looks, Timer trials) {

    static final Pace REAL = new Pace(System::nanoTime, Duration.ofSeconds(1), Timer.REAL);
}

package dev.sluice.proxy.config;

import java.time.Duration;

/**
 * How long an exchange with an upstream may take. (How long a connect may take is the pool's.)
 *
 * @param idle how long no byte may come from or go to the upstream
 * @param whole how long the whole exchange may take; zero for any time
 * @param queue how long a request may wait for a connection
 */
public record Timeouts(Duration idle, Duration whole, Duration queue) {}

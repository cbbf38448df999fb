package dev.sluice.proxy.config;

import java.time.Duration;

/**
 * An active health check: a GET, which 2xx and 3xx answer well.
 *
 * @param path what is asked for; the upstream's base path is put before it
 * @param interval from one to the next
 * @param timeout how long it may take
 */
public record HealthCheck(String path, Duration interval, Duration timeout) {}

package dev.sluice.container.options;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the container was told: from the command line, else the environment, else the file in {@code conf/}, else the
 * default.
 *
 * @param home the home folder, absolute
 * @param host the address of the data listener
 * @param port the port of the data listener; 0 picks one
 * @param upstream what requests are forwarded to where no bundle answers them, as it was written: addresses with weights
 * @param threads how many threads the data listener has for requests, where the JVM has no virtual ones
 * @param adminHost the address of the admin listener
 * @param adminPort the port of the admin listener; 0 picks one
 * @param adminPasswordFile the file whose first line is the password, absolute
 * @param drainTimeout how long running requests may take when the container stops
 * @param shutdownDelay how long the container says "not ready" before it refuses requests
 */
public record Settings(
        Path home,
        String host,
        int port,
        Optional<String> upstream,
        int threads,
        String adminHost,
        int adminPort,
        Optional<Path> adminPasswordFile,
        Duration drainTimeout,
        Duration shutdownDelay) {}

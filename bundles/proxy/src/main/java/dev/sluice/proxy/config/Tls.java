package dev.sluice.proxy.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which certificates of upstreams are trusted.
 *
 * @param trust a PEM file with those that are; empty for what the Java trusts
 * @param verify whether they are checked at all, the host's name included
 */
public record Tls(Optional<Path> trust, boolean verify) {}

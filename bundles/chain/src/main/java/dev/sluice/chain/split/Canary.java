package dev.sluice.chain.split;

/**
 * A version for whoever asks for it.
 *
 * @param identity the version
 * @param header the header that asks for it with {@code true}, and asks not to get it with {@code false}
 */
public record Canary(String identity, String header) {}

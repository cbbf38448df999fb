package dev.sluice.proxy.config;

/**
 * What is taken off the front of a path before it goes to an upstream.
 *
 * @param ofPattern whether the prefix of the pattern that matched is taken off
 * @param path what else is taken off where the path begins with it; empty for nothing, else without a slash at its end
 */
public record Strip(boolean ofPattern, String path) {

    /** Nothing is taken off. */
    public static final Strip NOTHING = new Strip(false, "");
}

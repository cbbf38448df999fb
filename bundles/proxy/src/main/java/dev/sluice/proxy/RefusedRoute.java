package dev.sluice.proxy;

import java.util.List;

/**
 * A file that isn't taken.
 *
 * @param name the route's name
 * @param file where it is written
 * @param reason why, and what to do about it
 * @param lastGood whether what it said before is in force; if not, its paths answer 503
 * @param paths its paths, as far as they can be made out
 */
public record RefusedRoute(String name, String file, String reason, boolean lastGood, List<String> paths) {

    /** Makes the list immutable. */
    public RefusedRoute {
        paths = List.copyOf(paths);
    }
}

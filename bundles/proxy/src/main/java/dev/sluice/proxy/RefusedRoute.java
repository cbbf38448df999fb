package dev.sluice.proxy;

import java.util.List;

/**
 * A file that isn't taken.
 *
 * @param name the route's name
 * @param file where it is written
 * @param reason why, and what to do about it
 * @param lastGood whether what it said before is in force
 * @param paths its paths, as far as they can be made out
 * @param blocked those of them that are answered with 503, as no route has them
 * @param atStart whether the file was there when the container started
 */
public record RefusedRoute(
        String name,
        String file,
        String reason,
        boolean lastGood,
        List<String> paths,
        List<String> blocked,
        boolean atStart) {

    /** Makes the lists immutable. */
    public RefusedRoute {
        paths = List.copyOf(paths);
        blocked = List.copyOf(blocked);
    }
}

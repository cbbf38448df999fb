package dev.sluice.proxy.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The keys of a route, and what was probably meant by one that is none. */
final class RouteKeys {

    static final Set<String> ALL = Set.of(
            "paths",
            "upstreams",
            "strip.prefix",
            "connect.timeout",
            "idle.timeout",
            "timeout",
            "retries",
            "retry.budget",
            "health.path",
            "health.interval",
            "health.timeout",
            "eject.failures",
            "eject.time",
            "connections.max",
            "queue.max",
            "queue.timeout",
            "keepalive.timeout",
            "host",
            "forwarded",
            "via",
            "redirects",
            "cookies",
            "tls.trust",
            "tls.verify",
            "http");

    /** Of ConfigurationAdmin, Declarative Services and File Install, which put keys of their own beside the operator's. */
    private static final List<String> NOT_WRITTEN = List.of("service.", "component.", "osgi.", "felix.", ".");

    private RouteKeys() {}

    static boolean isWritten(String key) {
        return NOT_WRITTEN.stream().noneMatch(key::startsWith);
    }

    /** {@return what is wrong with the keys, one sentence for each that is none} */
    static List<String> faults(Set<String> keys) {
        return keys.stream()
                .filter(key -> !ALL.contains(key))
                .sorted()
                .map(key -> "\"" + key + "\" is no key of a route: "
                        + meant(key)
                                .map(known -> "\"" + known + "\" is probably meant")
                                .orElseGet(() -> "there are " + String.join(", ", new TreeSet<>(ALL))))
                .toList();
    }

    /** The known key that is nearest, if it is near enough to be what was meant. */
    private static Optional<String> meant(String key) {
        String letters = letters(key);
        return ALL.stream()
                .min(Comparator.comparingInt((String known) -> distance(letters, letters(known)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(known -> distance(letters, letters(known)) <= Math.max(1, letters.length() / 3));
    }

    private static String letters(String key) {
        return key.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** How many letters must be put in, taken out or exchanged to make one word the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = Stream.iterate(0, i -> i + 1)
                .limit(other.length() + 1L)
                .mapToInt(i -> i)
                .toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int exchanged = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, Math.min(row[j - 1], above) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}

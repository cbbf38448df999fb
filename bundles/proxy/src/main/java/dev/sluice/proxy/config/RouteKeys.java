package dev.sluice.proxy.config;

import dev.sluice.conf.Nearest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
                        + Nearest.byLetters(key, ALL)
                                .map(known -> "\"" + known + "\" is probably meant")
                                .orElseGet(() -> "there are " + String.join(", ", new TreeSet<>(ALL))))
                .toList();
    }
}

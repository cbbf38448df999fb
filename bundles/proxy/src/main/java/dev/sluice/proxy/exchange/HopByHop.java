package dev.sluice.proxy.exchange;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The header fields that are for one connection, and go no further (RFC 9110, 7.6.1). */
final class HopByHop {

    private static final Set<String> ALWAYS = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "te",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** What no trailer may say: framing, routing, and what is judged before a body is read (RFC 9110, 6.5.1). */
    private static final Set<String> NEVER_IN_TRAILERS = Set.of(
            "content-length",
            "content-type",
            "content-encoding",
            "content-range",
            "host",
            "authorization",
            "cookie",
            "set-cookie",
            "cache-control",
            "expect",
            "max-forwards",
            "trailer",
            "forwarded",
            "via",
            "location");

    /** These are the proxy's to write, or name the request: a client can't ask for their removal. */
    private static final Set<String> KEPT = Set.of("host", "content-length");

    private final Set<String> named = new TreeSet<>();

    /**
     * Reads what a message's Connection fields name.
     *
     * @param connection their values
     */
    HopByHop(Collection<String> connection) {
        for (String value : connection) {
            for (String option : value.split(",")) {
                String name = option.strip().toLowerCase(Locale.ROOT);
                if (!KEPT.contains(name)) {
                    named.add(name);
                }
            }
        }
    }

    /** {@return whether a field goes no further, whatever Connection says} */
    static boolean stopsAlways(String name) {
        return ALWAYS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** {@return whether a field goes no further} */
    boolean stops(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return ALWAYS.contains(lower) || named.contains(lower);
    }

    /** {@return whether a field may not be passed on as a trailer, as it is one of those or could be taken for one} */
    boolean stopsTrailer(String name) {
        String folded = Forwarding.folded(name).toLowerCase(Locale.ROOT);
        return stops(name) || stops(folded) || NEVER_IN_TRAILERS.contains(folded) || Forwarding.isLikeOne(folded);
    }

    /** {@return whether Connection names this option} */
    boolean names(String option) {
        return named.contains(option.toLowerCase(Locale.ROOT));
    }
}

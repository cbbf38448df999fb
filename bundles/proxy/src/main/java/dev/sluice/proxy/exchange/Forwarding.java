package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Rewriting.Forwarded;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;

/** Tells the upstream who asked, for which host, and how: Forwarded (RFC 7239) and X-Forwarded-*. */
final class Forwarding {

    private static final String FORWARDED = "Forwarded";
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PROTO = "X-Forwarded-Proto";
    private static final String PORT = "X-Forwarded-Port";
    private static final String PREFIX = "X-Forwarded-Prefix";

    private Forwarding() {}

    /**
     * {@return whether a field of the client's is one of those that are written here, or could be taken for one} Many
     * applications (CGI, WSGI) get them by names in which a dash is an underscore, and some servers make one of whatever is
     * no letter and no digit.
     */
    static boolean isLikeOne(String name) {
        return isOne(folded(name));
    }

    /** {@return the name as those see it who know letters and digits only: everything else is a dash} */
    static String folded(String name) {
        StringBuilder folded = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean stays = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            folded.append(stays ? c : '-');
        }
        return folded.toString();
    }

    private static boolean isOne(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("forwarded") || lower.startsWith("x-forwarded-");
    }

    /**
     * Writes the fields.
     *
     * @param mode what becomes of the client's
     * @param request the client's request
     * @param strip what was taken off the path
     * @param headers where to
     */
    static void write(Forwarded mode, HttpServletRequest request, String strip, HttpFields.Mutable headers) {
        List<String> sent = mode == Forwarded.SET
                ? List.of()
                : Collections.list(request.getHeaderNames()).stream()
                        .filter(Forwarding::isOne)
                        .toList();
        if (mode == Forwarded.TRUST && !sent.isEmpty()) {
            sent.forEach(name -> Collections.list(request.getHeaders(name)).forEach(value -> headers.add(name, value)));
            return;
        }
        String host = host(request);
        OwnRequest own = new OwnRequest(request);
        String proto = own.scheme();
        String address = request.getRemoteAddr();
        boolean v6 = address.indexOf(':') >= 0;
        String bare = v6 && address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
        String element = "for=" + (v6 ? "\"[" + bare + "]\"" : bare)
                + (host.isEmpty() ? "" : ";host=" + quoted(host))
                + ";proto=" + proto;
        headers.put(FORWARDED, appended(request, sent, FORWARDED, element));
        headers.put(FOR, appended(request, sent, FOR, bare));
        // What the first proxy saw is what the client asked for.
        put(request, sent, HOST, host, headers);
        put(request, sent, PROTO, proto, headers);
        put(request, sent, PORT, Integer.toString(own.port()), headers);
        // Prefixes add up from the outside to the inside.
        String prefix = String.join("", values(request, sent, PREFIX)) + strip;
        if (!prefix.isEmpty()) {
            headers.put(PREFIX, prefix);
        }
    }

    /** {@return how often a request has passed one of that name, by its Via fields} */
    static long timesThrough(String pseudonym, List<String> via) {
        return via.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(entry -> entry.strip().split("\\s+"))
                .filter(parts -> parts.length > 1 && parts[1].equalsIgnoreCase(pseudonym))
                .count();
    }

    /** {@return the client's Host; without one, empty} */
    static String host(HttpServletRequest request) {
        String host = request.getHeader("Host");
        return host == null ? "" : host;
    }

    private static String appended(HttpServletRequest request, List<String> sent, String name, String own) {
        return Stream.concat(values(request, sent, name).stream(), Stream.of(own))
                .collect(Collectors.joining(", "));
    }

    private static void put(
            HttpServletRequest request, List<String> sent, String name, String own, HttpFields.Mutable headers) {
        List<String> values = values(request, sent, name);
        String value = values.isEmpty() ? own : String.join(", ", values);
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }

    private static List<String> values(HttpServletRequest request, List<String> sent, String name) {
        return sent.stream().anyMatch(name::equalsIgnoreCase) ? Collections.list(request.getHeaders(name)) : List.of();
    }

    /** A token stands as it is; anything else in quotes. */
    private static String quoted(String host) {
        return host.chars().allMatch(c -> c == '-' || c == '.' || c < 128 && Character.isLetterOrDigit(c))
                ? host
                : '"' + host.replaceAll("[\"\\\\]", "") + '"';
    }
}

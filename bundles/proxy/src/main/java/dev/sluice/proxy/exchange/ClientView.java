package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Translates what an upstream says of itself into what the client sees: its address, its base path, and what was taken off
 * the path.
 *
 * @param upstream the upstream's address
 * @param strip what was taken off the path
 * @param scheme the client's scheme
 * @param host the client's Host; empty if it sent none
 */
record ClientView(Address upstream, String strip, String scheme, String host) {

    /**
     * What any reference is made of (RFC 3986, appendix B). By that and not by java.net.URI, which refuses what upstreams
     * send and browsers follow: a space, a bar, a brace.
     */
    private static final Pattern REFERENCE =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?(.*)", Pattern.DOTALL);

    /** {@return a Location for the client; unchanged if it isn't the upstream's own} */
    String location(String location) {
        Matcher parts = REFERENCE.matcher(location);
        if (!parts.matches()) {
            return location;
        }
        String itsScheme = parts.group(1);
        String authority = parts.group(2);
        String rest = parts.group(3);
        if (authority == null) {
            return itsScheme == null && rest.startsWith("/") ? path(rest) : location;
        }
        if (host.isEmpty() || !isOwn(itsScheme == null ? upstream.scheme() : itsScheme, authority)) {
            return location;
        }
        return scheme + "://" + host + path(rest.startsWith("/") ? rest : "/" + rest);
    }

    private boolean isOwn(String itsScheme, String authority) {
        String address = authority.substring(authority.lastIndexOf('@') + 1);
        boolean secure = itsScheme.equalsIgnoreCase("https");
        if (!secure && !itsScheme.equalsIgnoreCase("http")) {
            return false;
        }
        boolean hasPort = address.lastIndexOf(':') > address.lastIndexOf(']');
        String withPort = hasPort ? address : address + (secure ? ":443" : ":80");
        return address.equalsIgnoreCase(upstream.authority())
                || withPort.equalsIgnoreCase(upstream.host() + ":" + upstream.port())
                || address.equalsIgnoreCase(host);
    }

    /** {@return a Set-Cookie for the client} */
    String cookie(String cookie) {
        List<String> parts = new ArrayList<>();
        for (String part : cookie.split(";", -1)) {
            int value = part.indexOf('=') + 1;
            String name = value == 0 ? "" : part.substring(0, value - 1).strip().toLowerCase(Locale.ROOT);
            String said = bare(part.substring(value));
            if (name.equals("path") && said.startsWith("/")) {
                // With the spaces and quotes that were around it.
                int from = part.indexOf(said, value);
                parts.add(part.substring(0, from) + path(said) + part.substring(from + said.length()));
            } else if (!name.equals("domain") || !isOwnDomain(said)) {
                // A cookie without a domain is for the host that the client asked.
                parts.add(part);
            }
        }
        return String.join(";", parts);
    }

    /** {@return what it is without spaces and quotes around it} */
    private static String bare(String value) {
        String text = value.strip();
        boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private boolean isOwnDomain(String domain) {
        String name = domain.startsWith(".") ? domain.substring(1) : domain;
        return name.equalsIgnoreCase(upstream.host());
    }

    private String path(String reference) {
        int end = 0;
        while (end < reference.length() && "?#".indexOf(reference.charAt(end)) < 0) {
            end++;
        }
        String path = reference.substring(0, end);
        String base = upstream.basePath();
        boolean isUnderBase = path.equals(base) || path.startsWith(base + "/");
        String inside = !base.isEmpty() && isUnderBase ? path.substring(base.length()) : path;
        boolean stays = inside.startsWith("/") || inside.isEmpty() && !strip.isEmpty();
        return strip + (stays ? inside : "/" + inside) + reference.substring(end);
    }
}

package dev.sluice.proxy.exchange;

import dev.sluice.proxy.config.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

    /** {@return a Location for the client; unchanged if it isn't the upstream's own} */
    String location(String location) {
        URI uri;
        try {
            uri = new URI(location);
        } catch (URISyntaxException e) {
            return location;
        }
        if (uri.getRawAuthority() == null) {
            boolean isPath = !uri.isAbsolute() && location.startsWith("/");
            return isPath ? path(location) : location;
        }
        boolean isUpstreams = uri.getRawAuthority().equalsIgnoreCase(upstream.authority())
                || uri.getRawAuthority().equalsIgnoreCase(host);
        if (!isUpstreams || host.isEmpty()) {
            return location;
        }
        int from = location.indexOf("//") + 2 + uri.getRawAuthority().length();
        String rest = location.substring(from);
        return scheme + "://" + host + path(rest.startsWith("/") ? rest : "/" + rest);
    }

    /** {@return a Set-Cookie for the client} */
    String cookie(String cookie) {
        List<String> parts = new ArrayList<>();
        for (String part : cookie.split(";", -1)) {
            String lower = part.strip().toLowerCase(Locale.ROOT);
            if (lower.startsWith("path=/")) {
                String prefix = part.substring(0, part.indexOf('=') + 1);
                parts.add(prefix + path(part.substring(part.indexOf('=') + 1).strip()));
            } else if (!isOwnDomain(lower)) {
                // A cookie without a domain is for the host that the client asked.
                parts.add(part);
            }
        }
        return String.join(";", parts);
    }

    private boolean isOwnDomain(String lower) {
        if (!lower.startsWith("domain=")) {
            return false;
        }
        String domain = lower.substring("domain=".length()).strip();
        String bare = domain.startsWith(".") ? domain.substring(1) : domain;
        return bare.equals(upstream.host().toLowerCase(Locale.ROOT));
    }

    private String path(String path) {
        String base = upstream.basePath();
        boolean isUnderBase = path.equals(base) || path.startsWith(base + "/");
        String inside = !base.isEmpty() && isUnderBase ? path.substring(base.length()) : path;
        return strip + (inside.startsWith("/") || inside.isEmpty() && !strip.isEmpty() ? inside : "/" + inside);
    }
}

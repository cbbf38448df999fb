package dev.sluice.proxy.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Upstreams as operators write them: {@code http://a:9000, https://b:9443/base=3}. */
final class UpstreamList {

    private static final int HEAVIEST = 1000;

    private static final Pattern WRITTEN = Pattern.compile(
            "(?<scheme>https?)://(?<host>[a-z0-9._~-]+|\\[[0-9a-f:.]+])(:(?<port>\\d{1,5}))?"
                    + "(?<base>(/([a-z0-9._~:@+-]|%[0-9a-f]{2})*)*)(=(?<weight>\\d+))?",
            Pattern.CASE_INSENSITIVE);

    /** What a server on the way could take for another path than this one. */
    private static final Pattern AMBIGUOUS =
            Pattern.compile("//|(^|/)(\\.|%2e){1,2}(/|$)|%2f|%5c|%00", Pattern.CASE_INSENSITIVE);

    private static final Pattern SECRET = Pattern.compile("//[^/@]*@");

    private UpstreamList() {}

    /**
     * Parses upstreams.
     *
     * @param text one or more, with commas between them
     * @return them, in their order
     * @throws IllegalArgumentException if one is none; the message says of each what is wrong, and repeats no password
     */
    static List<UpstreamSettings> parse(String text) {
        List<UpstreamSettings> upstreams = new ArrayList<>();
        Set<Address> seen = new HashSet<>();
        List<String> faults = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            try {
                UpstreamSettings upstream = one(one.trim());
                if (!seen.add(upstream.address())) {
                    throw new IllegalArgumentException(upstream.address()
                            + " stands there twice: give it a weight, as in " + upstream.address() + "=2");
                }
                upstreams.add(upstream);
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return upstreams;
    }

    private static UpstreamSettings one(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("there is nothing where an upstream should be: take a comma out");
        }
        Matcher secret = SECRET.matcher(text);
        if (secret.find()) {
            throw new IllegalArgumentException("\"" + secret.replaceAll("//")
                    + "\" has a name or a password before its host: no place for either");
        }
        Matcher written = WRITTEN.matcher(text);
        if (!written.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no upstream: write http://host:port or"
                    + " https://host:port, then a base path and =weight if you like");
        }
        String scheme = written.group("scheme").toLowerCase(Locale.ROOT);
        return new UpstreamSettings(
                new Address(
                        scheme,
                        written.group("host").toLowerCase(Locale.ROOT),
                        port(text, scheme, written.group("port")),
                        basePath(text, written.group("base"))),
                weight(text, written.group("weight")));
    }

    private static int port(String text, String scheme, String port) {
        if (port == null) {
            return scheme.equals("https") ? 443 : 80;
        }
        int number = Integer.parseInt(port);
        if (number < 1 || number > 65535) {
            throw new IllegalArgumentException("\"" + text + "\" has no port from 1 to 65535");
        }
        return number;
    }

    private static String basePath(String text, String base) {
        String path = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (AMBIGUOUS.matcher(path).find() || path.endsWith("/")) {
            throw new IllegalArgumentException("\"" + text
                    + "\" has a base path with empty or dot segments, or encoded slashes: write it plainly");
        }
        return path;
    }

    private static int weight(String text, String weight) {
        if (weight == null) {
            return 1;
        }
        if (weight.length() > 4 || Integer.parseInt(weight) < 1 || Integer.parseInt(weight) > HEAVIEST) {
            throw new IllegalArgumentException("\"" + text + "\" has no weight from 1 to " + HEAVIEST);
        }
        return Integer.parseInt(weight);
    }
}

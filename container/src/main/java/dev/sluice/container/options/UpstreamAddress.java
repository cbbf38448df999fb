package dev.sluice.container.options;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Upstreams as they are written, {@code http://a:9000, https://b:9443=3}: checked here so that a slip ends the start with
 * one line. The proxy's bundle, to which the text is handed on, reads them in the same way.
 */
final class UpstreamAddress {

    private static final Pattern WRITTEN = Pattern.compile(
            "(?<scheme>https?)://(?<host>[A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:(?<port>\\d{1,5}))?(?<base>/[A-Za-z0-9._~%/:@+-]*)?"
                    + "(=(?<weight>\\d{1,4}))?",
            Pattern.CASE_INSENSITIVE);

    /** What a server on the way could take for another path than this one, and what decodes to nothing. */
    private static final Pattern AMBIGUOUS =
            Pattern.compile("//|/(\\.|%2e){1,2}(/|$)|%2f|%5c|%00|%(?![0-9a-f]{2})", Pattern.CASE_INSENSITIVE);

    private static final Pattern SECRET = Pattern.compile("//[^/@]*@");

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "0.0.0.0", "[::]", "[::1]");

    private UpstreamAddress() {}

    /**
     * {@return the text, if upstreams are what it says}
     *
     * @throws IllegalArgumentException if not; the message goes on from the text
     */
    static String check(String text) {
        Set<String> seen = new HashSet<>();
        for (String one : text.split(",", -1)) {
            Matcher written = WRITTEN.matcher(one.trim());
            if (!written.matches() || !isPort(written.group("port"))) {
                throw new IllegalArgumentException("is no upstream: write http://host:port or https://host:port, and"
                        + " several with commas between them" + reason(one.trim()));
            }
            String base = written.group("base");
            if (base != null && AMBIGUOUS.matcher(base).find()) {
                throw new IllegalArgumentException(
                        "has a base path with empty or dot segments, or encoded slashes:" + " write it plainly");
            }
            String weight = written.group("weight");
            if (weight != null && (Integer.parseInt(weight) < 1 || Integer.parseInt(weight) > 1000)) {
                throw new IllegalArgumentException("has a weight that is not from 1 to 1000: " + weight);
            }
            if (!seen.add(one.trim().replaceFirst("=\\d+$", "").toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException(
                        "names an upstream twice: give it a weight, as in http://host:port=2");
            }
        }
        return text.trim();
    }

    private static String reason(String one) {
        return SECRET.matcher(one).find() ? "; a name and password have no place in it" : "";
    }

    private static boolean isPort(String port) {
        return port == null || Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= 65535;
    }

    /** {@return the text without a password that was written into it}: it is for terminals and logs. */
    static String withoutSecret(String text) {
        return SECRET.matcher(text).replaceAll("//");
    }

    /** {@return whether one of them is, by what is written, where the container itself listens} */
    static boolean isOwn(String text, String host, int port) {
        return Stream.of(text.split(",")).anyMatch(one -> {
            Matcher written = WRITTEN.matcher(one.trim());
            if (!written.matches() || port(written) != port) {
                return false;
            }
            String there = written.group("host").toLowerCase(Locale.ROOT);
            boolean listensHere = host.equals("0.0.0.0") || host.equals("::") || isThisMachine(host);
            return there.equals(host.toLowerCase(Locale.ROOT)) || listensHere && isThisMachine(there);
        });
    }

    private static boolean isThisMachine(String host) {
        return THIS_MACHINE.contains(host) || host.equals("::1") || host.startsWith("127.");
    }

    private static int port(Matcher written) {
        String port = written.group("port");
        if (port != null) {
            return Integer.parseInt(port);
        }
        return written.group("scheme").equalsIgnoreCase("https") ? 443 : 80;
    }
}

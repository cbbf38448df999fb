package dev.sluice.admin.door;

import dev.sluice.admin.http.AdminPath;
import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Check;
import dev.sluice.admin.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Answers only to names that are known to be the admin's. A page of a foreign site whose name its owner points at this
 * address (DNS rebinding) is of one origin with us for the browser; but the browser still sends that name.
 */
final class HostCheck implements Check {

    private static final Pattern IPV4 =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)");

    private final Supplier<Set<String>> allowed;

    /**
     * Checks against names.
     *
     * @param allowed the host names beyond loopback and addresses, in lower case; asked for each request
     */
    HostCheck(Supplier<Set<String>> allowed) {
        this.allowed = allowed;
    }

    @Override
    public Optional<Answer> stop(HttpServletRequest request, AdminPath path) {
        String header = request.getHeader("Host");
        if (header == null || isKnown(name(header))) {
            // Only HTTP/1.0 goes without a Host, and no browser speaks that.
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                421,
                "Unknown host name",
                "The admin doesn't answer to this host name. Use localhost or an IP address, or add the name to allowed.hosts"
                        + " in conf/dev.sluice.admin.cfg."));
    }

    private boolean isKnown(String host) {
        return host.startsWith("[")
                || IPV4.matcher(host).matches()
                || host.equals("localhost")
                || host.endsWith(".localhost")
                || allowed.get().contains(host);
    }

    private static String name(String header) {
        String host = header.trim().toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
    }
}

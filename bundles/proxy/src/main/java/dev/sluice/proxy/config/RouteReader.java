package dev.sluice.proxy.config;

import dev.sluice.proxy.config.PoolSettings.Http;
import dev.sluice.proxy.config.Rewriting.Forwarded;
import dev.sluice.proxy.config.Rewriting.Host;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes a route of what an operator wrote, or says all that is wrong with it. Stateless; safe for use by many threads. */
public final class RouteReader {

    /** A token of RFC 9110, which a pseudonym in Via is. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    private final Path conf;

    /**
     * Makes a reader.
     *
     * @param conf the folder that the names of files are relative to
     */
    public RouteReader(Path conf) {
        this.conf = conf;
    }

    /**
     * Reads a route.
     *
     * @param name its name
     * @param properties its entries
     * @return the route, or what is wrong
     */
    public Reading read(String name, Map<String, ?> properties) {
        Map<String, String> texts = Entries.texts(properties);
        Entries entries = new Entries(texts);
        List<String> paths = entries.required("paths", RoutePath::parse, "/api/*");
        List<UpstreamSettings> upstreams = entries.required("upstreams", UpstreamList::parse, "http://127.0.0.1:9000");
        RouteSettings settings = new RouteSettings(
                name,
                paths,
                upstreams,
                entries.value("strip.prefix", RouteReader::strip).orElse(Strip.NOTHING),
                timeouts(entries),
                new Retries(entries.number("retries", 0, 10, 1), entries.percent("retry.budget", 20)),
                health(entries),
                new Ejection(
                        entries.number("eject.failures", 0, 1000, 5),
                        entries.time("eject.time", Duration.ofSeconds(10))),
                pool(entries, upstreams),
                rewriting(entries));
        return entries.faults().isEmpty()
                ? new Reading.Good(settings)
                : new Reading.Bad(entries.faults(), RoutePath.legible(texts.getOrDefault("paths", "")));
    }

    private static Strip strip(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new Strip(text.equals("true"), "");
        }
        List<String> path = text.startsWith("/") ? RoutePath.parse(text) : List.of();
        if (path.size() != 1 || path.get(0).endsWith("*")) {
            throw new IllegalArgumentException("it is true, false or a path as in /api, and not \"" + text + "\"");
        }
        return new Strip(false, text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    private static Timeouts timeouts(Entries entries) {
        return new Timeouts(
                entries.time("idle.timeout", Duration.ofSeconds(60)),
                entries.timeOrAny("timeout"),
                entries.time("queue.timeout", Duration.ofSeconds(5)));
    }

    private static Optional<HealthCheck> health(Entries entries) {
        Optional<String> path = entries.value("health.path", RouteReader::requestPath);
        Duration interval = entries.time("health.interval", Duration.ofSeconds(5));
        Duration timeout = entries.time("health.timeout", Duration.ofSeconds(2));
        return path.map(asked -> new HealthCheck(asked, interval, timeout));
    }

    private static String requestPath(String text) {
        try {
            URI uri = new URI(text);
            if (text.startsWith("/") && !text.startsWith("//") && uri.getRawFragment() == null) {
                return text;
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new IllegalArgumentException("\"" + text
                + "\" is no path to ask for: it starts with \"/\", and is percent-encoded as in \"/a%20b?c=d\"");
    }

    private PoolSettings pool(Entries entries, List<UpstreamSettings> upstreams) {
        return new PoolSettings(
                entries.time("connect.timeout", Duration.ofSeconds(2)),
                entries.time("keepalive.timeout", Duration.ofSeconds(20)),
                entries.number("connections.max", 1, 65535, 1024),
                entries.number("queue.max", 0, 1_000_000, 1024),
                upstreams.stream()
                        .anyMatch(upstream -> upstream.address().scheme().equals("https")),
                tls(entries),
                entries.oneOf("http", Map.of("1.1", Http.HTTP_1_1, "2", Http.HTTP_2), Http.HTTP_1_1));
    }

    private Tls tls(Entries entries) {
        Optional<Path> trust = entries.value("tls.trust", text -> text)
                .filter(text -> !text.equals("system"))
                .flatMap(text -> entries.value("tls.trust", this::file));
        boolean verify = entries.truth("tls.verify", true);
        if (trust.isPresent() && !verify) {
            entries.fault("tls.verify = false trusts every certificate: take it out, or take tls.trust out");
        }
        return new Tls(trust, verify);
    }

    private Path file(String text) {
        try {
            Path file = conf.resolve(text).toAbsolutePath().normalize();
            if (Files.isReadable(file) && !Files.isDirectory(file)) {
                return file;
            }
            throw new IllegalArgumentException("there is no file " + file + " that can be read: put the PEM file there"
                    + " first, or write \"system\" for what the Java trusts");
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no name of a file");
        }
    }

    private static Rewriting rewriting(Entries entries) {
        Map<String, Boolean> pass = Map.of("pass", false, "rewrite", true);
        return new Rewriting(
                entries.oneOf("host", Map.of("keep", Host.KEEP, "upstream", Host.UPSTREAM), Host.KEEP),
                entries.oneOf(
                        "forwarded",
                        Map.of("set", Forwarded.SET, "append", Forwarded.APPEND, "trust", Forwarded.TRUST),
                        Forwarded.SET),
                entries.value("via", RouteReader::pseudonym).orElse("sluice"),
                entries.oneOf("redirects", pass, false),
                entries.oneOf("cookies", pass, false));
    }

    private static String pseudonym(String text) {
        if (!TOKEN.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no name for Via: letters, digits and - . _ will do");
        }
        return text;
    }
}

package dev.sluice.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.config.PoolSettings.Http;
import dev.sluice.proxy.config.Rewriting.Forwarded;
import dev.sluice.proxy.config.Rewriting.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteReaderTest {

    @TempDir
    private Path conf;

    private final Map<String, Object> properties =
            new HashMap<>(Map.of("paths", "/api/*", "upstreams", "http://127.0.0.1:9000"));

    @Test
    void two_lines_make_a_route_and_all_else_has_a_default() {
        assertThat(good())
                .isEqualTo(new RouteSettings(
                        "api",
                        List.of("/api/*"),
                        List.of(new UpstreamSettings(new Address("http", "127.0.0.1", 9000, ""), 1)),
                        Strip.NOTHING,
                        new Timeouts(Duration.ofSeconds(60), Duration.ZERO, Duration.ofSeconds(5)),
                        new Retries(1, 20),
                        Optional.empty(),
                        new Ejection(5, Duration.ofSeconds(10)),
                        new PoolSettings(
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(20),
                                1024,
                                1024,
                                false,
                                new Tls(Optional.empty(), true),
                                Http.HTTP_1_1),
                        new Rewriting(Host.KEEP, Forwarded.SET, "sluice", false, false)));
    }

    @Test
    void each_key_is_taken() throws IOException {
        Path trust = Files.writeString(conf.resolve("ours.pem"), "PEM");
        properties.putAll(Map.of(
                "paths", "/a, /b/*,/",
                "upstreams", "http://one:9000, HTTPS://[::1]:9443/Base/=3,http://two",
                "strip.prefix", "true",
                "connect.timeout", "500ms",
                "idle.timeout", "5m",
                "timeout", "1h",
                "retries", "0",
                "retry.budget", "50 %",
                "health.path", "/health?deep=1"));
        properties.putAll(Map.of(
                "health.interval", "1s",
                "health.timeout", "3s",
                "eject.failures", "0",
                "eject.time", "1m",
                "connections.max", "1",
                "queue.max", "0",
                "queue.timeout", "750ms",
                "keepalive.timeout", "1ms"));
        properties.putAll(Map.of(
                "host", "upstream",
                "forwarded", "Trust",
                "via", "edge-1",
                "redirects", "rewrite",
                "cookies", "rewrite",
                "tls.trust", "ours.pem",
                "tls.verify", "true",
                "http", "2"));

        assertThat(good())
                .isEqualTo(new RouteSettings(
                        "api",
                        List.of("/a", "/b/*", "/*"),
                        List.of(
                                new UpstreamSettings(new Address("http", "one", 9000, ""), 1),
                                new UpstreamSettings(new Address("https", "[::1]", 9443, "/Base"), 3),
                                new UpstreamSettings(new Address("http", "two", 80, ""), 1)),
                        new Strip(true, ""),
                        new Timeouts(Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofMillis(750)),
                        new Retries(0, 50),
                        Optional.of(new HealthCheck("/health?deep=1", Duration.ofSeconds(1), Duration.ofSeconds(3))),
                        new Ejection(0, Duration.ofMinutes(1)),
                        new PoolSettings(
                                Duration.ofMillis(500),
                                Duration.ofMillis(1),
                                1,
                                0,
                                true,
                                new Tls(Optional.of(trust.toAbsolutePath()), true),
                                Http.HTTP_2),
                        new Rewriting(Host.UPSTREAM, Forwarded.TRUST, "edge-1", true, true)));
        assertThat(properties.keySet()).containsExactlyInAnyOrderElementsOf(RouteKeys.ALL);
    }

    @Test
    void every_key_has_a_place_in_the_form_of_the_console() throws IOException {
        Path form = Path.of("src/main/java/dev/sluice/proxy/service/RouteConfiguration.java");

        assertThat(Files.readAllLines(form).stream()
                        .map(line -> line.replaceAll(".*String (\\w+)\\(\\).*|.*", "$1")
                                .replace('_', '.'))
                        .filter(key -> !key.isEmpty())
                        .collect(Collectors.toSet()))
                .isEqualTo(RouteKeys.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "paths | | it has no paths; add a line like paths = /api/*",
                "paths | api | paths: \"api\" is no path of a route: it doesn't start with \"/\"",
                "paths | /a,,/b | paths: \"\" is no path of a route: it is empty",
                "paths | a,/b,/c* | \"a\" is no path of a route",
                "paths | a,/b,/c* | \"/c*\" is no path of a route",
                "upstreams | a:1,http://b:2,c:3 | \"c:3\" is no upstream",
                "paths | /a,/a | paths: /a stands there twice",
                "paths | *.jpg | routes are chosen by the beginning of a path, not by its end",
                "paths | /a*/b | \"*\" stands only at the end, as \"/*\"",
                "paths | /a/../b | no request path can look like that",
                "paths | /a//* | no request path can look like that",
                "paths | /a;x/* | no request path can look like that",
                "paths | /caf%C3%A9 | it is compared with the decoded path",
                "paths | /a?b | and no query",
                "upstreams | | it has no upstreams; add a line like upstreams = http://127.0.0.1:9000",
                "upstreams | 127.0.0.1:9000 | upstreams: \"127.0.0.1:9000\" is no upstream: write http://host:port",
                "upstreams | ftp://a | \"ftp://a\" is no upstream",
                "upstreams | http://a:70000 | \"http://a:70000\" has no port from 1 to 65535",
                "upstreams | http://a:0 | has no port",
                "upstreams | http://a, | there is nothing where an upstream should be: take a comma out",
                "upstreams | http://a=0 | \"http://a=0\" has no weight from 1 to 1000",
                "upstreams | http://a=1001 | has no weight from 1 to 1000",
                "upstreams | http://a=99999999999 | has no weight from 1 to 1000",
                "upstreams | http://a:80,http://A=2 | http://a stands there twice: give it a weight, as in http://a=2",
                "upstreams | http://a/x/../y | has a base path with empty or dot segments",
                "upstreams | http://a/%2e%2e/y | has a base path with empty or dot segments",
                "upstreams | http://a/x%2fy | or encoded slashes",
                "upstreams | http://a/x//y | has a base path with empty",
                "upstreams | http://a/x? | is no upstream",
                "upstreams | http://a/%zz | is no upstream",
                "strip.prefix | yes | strip.prefix: it is true, false or a path as in /api, and not \"yes\"",
                "strip.prefix | /a/* | strip.prefix: it is true, false or a path as in /api",
                "connect.timeout | 2 | connect.timeout: \"2\" is no duration: write a number and ms, s, m or h",
                "connect.timeout | 0s | connect.timeout: \"0s\" leaves no time",
                "idle.timeout | 0ms | idle.timeout: \"0ms\" leaves no time",
                "timeout | 25h | timeout: \"25h\" is more than 24h",
                "retries | -1 | retries: \"-1\" is no whole number from 0 to 10",
                "retries | 11 | retries: \"11\" is no whole number from 0 to 10",
                "retry.budget | 101% | retry.budget: \"101\" is no whole number from 0 to 100",
                "health.path | health | health.path: \"health\" is no path to ask for",
                "health.path | /a b | health.path: \"/a b\" is no path to ask for",
                "health.path | //a | health.path: \"//a\" is no path to ask for",
                "health.interval | 0s | health.interval: \"0s\" leaves no time",
                "health.timeout | x | health.timeout: \"x\" is no duration",
                "eject.failures | many | eject.failures: \"many\" is no whole number from 0 to 1000",
                "eject.time | 0s | eject.time: \"0s\" leaves no time",
                "connections.max | 0 | connections.max: \"0\" is no whole number from 1 to 65535",
                "queue.max | 9999999999 | queue.max: \"9999999999\" is no whole number from 0 to 1000000",
                "keepalive.timeout | 1d | keepalive.timeout: \"1d\" is no duration",
                "host | a.example | host: it is keep or upstream, and not \"a.example\"",
                "forwarded | no | forwarded: it is append or set or trust, and not \"no\"",
                "via | a b | via: \"a b\" is no name for Via",
                "redirects | true | redirects: it is pass or rewrite, and not \"true\"",
                "cookies | true | cookies: it is pass or rewrite, and not \"true\"",
                "tls.trust | none.pem | none.pem that can be read: put the PEM file there first",
                "tls.verify | maybe | tls.verify: it is true or false, and not \"maybe\"",
                "http | 3 | http: it is 1.1 or 2, and not \"3\"",
                "upstream | http://a | \"upstream\" is no key of a route: \"upstreams\" is probably meant",
                "stripPrefix | true | \"stripPrefix\" is no key of a route: \"strip.prefix\" is probably meant",
                "conect.timeout | 1s | \"conect.timeout\" is no key of a route: \"connect.timeout\" is probably meant",
                "x | 1 | \"x\" is no key of a route: there are connect.timeout, connections.max, cookies,",
            })
    void a_mistake_is_said_and_nothing_of_the_file_is_taken(String key, String value, String message) {
        properties.put(key, value == null ? "" : value);

        assertThat(bad().faults()).singleElement().asString().contains(message);
    }

    @Test
    void all_mistakes_are_said_at_once_and_the_paths_that_can_be_made_out_are_told() {
        properties.putAll(Map.of("paths", "/a, b, /c/*", "retries", "x", "upstreem", "y"));

        assertThat(bad().faults()).hasSize(3);
        assertThat(bad().paths()).containsExactly("/a", "/c/*");
    }

    @Test
    void a_password_is_not_repeated() {
        properties.put("upstreams", "http://me:hunter2@a:1");

        assertThat(bad().faults())
                .singleElement()
                .asString()
                .contains("\"http://a:1\" has a name or a password before its host")
                .doesNotContain("hunter2");
    }

    @Test
    void to_trust_all_and_to_trust_a_file_is_one_too_much() throws IOException {
        Files.writeString(conf.resolve("ours.pem"), "PEM");
        properties.putAll(Map.of("tls.trust", "ours.pem", "tls.verify", "false"));

        assertThat(bad().faults()).singleElement().asString().contains("tls.verify = false trusts every certificate");
    }

    @Test
    void system_is_what_java_trusts() {
        properties.putAll(Map.of("tls.trust", "system", "tls.verify", "false"));

        assertThat(good().pool().tls()).isEqualTo(new Tls(Optional.empty(), false));
    }

    @Test
    void a_path_can_be_stripped_too() {
        properties.put("strip.prefix", "/api/");

        assertThat(good().strip()).isEqualTo(new Strip(false, "/api"));
    }

    @Test
    void what_a_console_or_the_container_makes_of_entries_is_no_matter() {
        properties.putAll(Map.of(
                "paths",
                new String[] {"/a", "/b"},
                "upstreams",
                List.of("http://a", "http://b=2"),
                "retries",
                3,
                "tls.verify",
                false,
                "service.pid",
                "x",
                "felix.fileinstall.filename",
                "file:/conf/x.cfg",
                ".private",
                "x",
                "via",
                "  "));

        RouteSettings route = good();

        assertThat(route.paths()).containsExactly("/a", "/b");
        assertThat(route.upstreams()).hasSize(2);
        assertThat(route.retries().max()).isEqualTo(3);
        assertThat(route.pool().tls().verify()).isFalse();
        assertThat(route.rewriting().via()).isEqualTo("sluice");
    }

    private Reading read() {
        return new RouteReader(conf).read("api", properties);
    }

    private RouteSettings good() {
        assertThat(read()).isInstanceOf(Reading.Good.class);
        return ((Reading.Good) read()).settings();
    }

    private Reading.Bad bad() {
        assertThat(read()).isInstanceOf(Reading.Bad.class);
        return (Reading.Bad) read();
    }
}

package dev.sluice.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.UpstreamState;
import dev.sluice.proxy.config.Reading;
import dev.sluice.proxy.config.RouteBook.Line;
import dev.sluice.proxy.config.RouteReader;
import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.upstream.Membership;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.Pools;
import dev.sluice.proxy.upstream.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {

    @TempDir
    private Path folder;

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(0);
    private final Pools pools = new Pools();
    private final RouteTable table = new RouteTable(
            pools, new Membership(System::nanoTime, InstantSource.system(), bound -> 0, timer), System::nanoTime);

    @AfterEach
    void close() {
        table.close();
        pools.close();
        timer.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({
        "/, all",
        "/x, all",
        "/apix, all",
        "/api, api",
        "/api/, api",
        "/api/x/y, api",
        "/api/v1, v1",
        "/api/v1/x, v1",
        "/api/v10, api",
        "/api/v1/exact, exact",
        "/api/v1/exact/more, v1",
        "/API, all",
        "/caf\u00e9, unicode",
        "/caf\u00e9/x, unicode",
        "/\u65e5\u672c/x, unicode",
        "/\u65e5\u672c, all",
    })
    void the_longest_pattern_wins_and_an_exact_one_before_all(String path, String route) {
        table.replace(List.of(
                line("all", "/*"),
                line("api", "/api/*"),
                line("v1", "/api/v1/*"),
                line("exact", "/api/v1/exact"),
                line("unicode", "/caf\u00e9/*,/\u65e5\u672c/x")));

        assertThat(enter(path).settings().name()).isEqualTo(route);
    }

    @Test
    void where_no_pattern_matches_the_way_leads_nowhere() {
        assertThat(table.enter("/x")).isInstanceOf(Way.Nowhere.class);

        table.replace(List.of(line("api", "/api/*")));

        assertThat(table.enter("/x")).isInstanceOf(Way.Nowhere.class);
        assertThat(table.enter("/")).isInstanceOf(Way.Nowhere.class);
    }

    @Test
    void the_paths_of_a_refused_file_without_last_good_routes_lead_to_no_other_route() {
        table.replace(List.of(
                line("all", "/*"),
                line("v2", "/api/v2/*"),
                new Line("api", "conf/api", Optional.empty(), Optional.of("bad"), List.of("/api/*", "/*"), true)));

        assertThat(table.enter("/api/x")).isEqualTo(new Way.Refused("api"));
        assertThat(enter("/api/v2/x").settings().name()).isEqualTo("v2");
        assertThat(enter("/x").settings().name()).isEqualTo("all");
        assertThat(table.view().refused())
                .containsExactly(new RefusedRoute(
                        "api", "conf/api", "bad", false, List.of("/api/*", "/*"), List.of("/api/*"), true));
    }

    @ParameterizedTest
    @CsvSource({
        "false, /api/x, ''",
        "true, /api/x, /api",
        "true, /api, /api",
        "true, /exact, ''",
        "true, /other/deep/x, /other/deep",
        "/api, /api/x, /api",
        "/api, /api, /api",
        "/ap, /api/x, ''",
        "/api/v1, /api/v1x, ''",
        "/api/v1, /api/v1/x, /api/v1",
    })
    void the_prefix_that_is_stripped_is_the_patterns_or_a_path(String strip, String path, String off) {
        table.replace(List.of(line("api", "/api/*,/exact,/other/deep/*", "strip.prefix", strip)));

        assertThat(enter(path).strip()).isEqualTo(off);
    }

    @Test
    void a_request_ends_on_the_route_that_it_began_on_and_its_connections_stay_open_until_then() throws Exception {
        table.replace(List.of(line("api", "/api/*", "connect.timeout", "1s")));
        Visit old = enter("/api/x");

        table.replace(List.of(line("api", "/api/*", "connect.timeout", "2s")));

        Visit fresh = enter("/api/x");
        assertThat(fresh.pool()).isNotSameAs(old.pool());
        assertThat(old.settings().pool().connectTimeout()).hasSeconds(1);
        assertThat(old.pool().client().isStopped()).isFalse();

        old.leave();
        awaitStopped(old.pool());
        assertThat(fresh.pool().client().isStarted()).isTrue();
    }

    @Test
    void the_connections_of_a_route_that_nobody_is_on_are_closed_when_it_goes() throws Exception {
        table.replace(List.of(line("api", "/api/*")));
        Visit visit = enter("/api/x");
        visit.leave();
        assertThat(visit.pool().client().isStarted()).isTrue();

        table.replace(List.of());

        awaitStopped(visit.pool());
        assertThat(table.enter("/api/x")).isInstanceOf(Way.Nowhere.class);
    }

    @Test
    void a_change_that_doesnt_concern_a_route_leaves_it_as_it_is() {
        table.replace(List.of(line("api", "/api/*")));
        Visit before = enter("/api/x");

        table.replace(List.of(line("other", "/other/*"), line("api", "/api/*")));
        Visit after = enter("/api/x");

        assertThat(after.upstreams()).isSameAs(before.upstreams());
        assertThat(after.retryBudget()).isSameAs(before.retryBudget());
        assertThat(after.pool()).isSameAs(before.pool());
    }

    @Test
    void routes_with_equal_settings_for_connections_share_them() {
        table.replace(List.of(line("a", "/a/*"), line("b", "/b/*")));

        assertThat(enter("/a/x").pool()).isSameAs(enter("/b/x").pool());
    }

    @Test
    void what_is_known_of_upstreams_is_carried_over_to_a_changed_route() {
        table.replace(List.of(line("api", "/api/*", "upstreams", "http://a:1,http://b:1", "eject.failures", "1")));
        Visit before = enter("/api/x");
        before.upstreams().all().get(0).begin().failed("refused");
        Upstream.Call open = before.upstreams().all().get(1).begin();

        table.replace(List.of(line(
                "api",
                "/api/*,/more/*",
                "upstreams",
                "http://c:1,http://a:1=5,http://b:1",
                "eject.failures",
                "1",
                "idle.timeout",
                "5s")));

        assertThat(upstreams())
                .containsExactly("http://c:1 1 IN_USE 0", "http://a:1 5 EJECTED 0", "http://b:1 1 IN_USE 1");
        assertThat(enter("/more/x").pool()).isSameAs(before.pool());
        assertThat(enter("/more/x").retryBudget()).isSameAs(before.retryBudget());
        open.succeeded();
        assertThat(upstreams().get(2)).isEqualTo("http://b:1 1 IN_USE 0");
    }

    @Test
    void what_was_known_is_forgotten_where_the_change_concerns_it() {
        table.replace(List.of(line("api", "/api/*", "upstreams", "http://a:1,http://b:1", "eject.failures", "1")));
        Visit before = enter("/api/x");
        before.upstreams().all().get(0).begin().failed("refused");

        table.replace(List.of(line(
                "api", "/api/*", "upstreams", "http://a:1,http://b:1", "eject.failures", "2", "retry.budget", "1")));

        assertThat(upstreams()).containsExactly("http://a:1 1 IN_USE 0", "http://b:1 1 IN_USE 0");
        assertThat(enter("/api/x").retryBudget()).isNotSameAs(before.retryBudget());
    }

    @Test
    void an_upstream_that_went_and_comes_again_is_new() {
        Line both = line("api", "/api/*", "upstreams", "http://a:1,http://b:1,http://c:1", "eject.failures", "1");
        table.replace(List.of(both));
        enter("/api/x").upstreams().all().get(0).begin().failed("refused");
        table.replace(List.of(line("api", "/api/*", "upstreams", "http://b:1,http://c:1", "eject.failures", "1")));

        table.replace(List.of(both));

        assertThat(upstreams().get(0)).isEqualTo("http://a:1 1 IN_USE 0");
    }

    @Test
    void one_that_is_alone_is_never_ejected_and_can_be_once_it_is_not_alone() {
        table.replace(List.of(line("api", "/api/*", "upstreams", "http://a:1", "eject.failures", "1")));
        Upstream alone = enter("/api/x").upstreams().all().get(0);
        for (int i = 0; i < 20; i++) {
            alone.begin().failed("refused");
        }
        assertThat(upstreams()).containsExactly("http://a:1 1 IN_USE 0");
        assertThat(table.view().routes().get(0).upstreams().get(0).failures()).isEqualTo(20);

        table.replace(List.of(line("api", "/api/*", "upstreams", "http://a:1,http://b:1", "eject.failures", "1")));
        enter("/api/x").upstreams().all().get(0).begin().failed("refused");

        assertThat(upstreams()).containsExactly("http://a:1 1 EJECTED 0", "http://b:1 1 IN_USE 0");
    }

    @Test
    void a_table_that_cant_be_made_changes_nothing() {
        table.replace(List.of(line("api", "/api/*")));
        Visit visit = enter("/api/x");
        pools.close();

        assertThatThrownBy(() -> table.replace(List.of(line("x", "/x/*", "connect.timeout", "1s"))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(enter("/api/x").upstreams()).isSameAs(visit.upstreams());
    }

    @Test
    void a_table_that_cant_be_made_keeps_no_connections() throws Exception {
        Path none = Files.writeString(folder.resolve("none.pem"), "no certificate");
        Line good = line("a", "/a/*", "connect.timeout", "1s");
        Pool pool = pools.acquire(good.inForce().orElseThrow().pool());
        Line bad = line("b", "/b/*", "upstreams", "https://127.0.0.1:9", "tls.trust", none.toString());

        assertThatThrownBy(() -> table.replace(List.of(good, bad))).isInstanceOf(IllegalArgumentException.class);

        pools.release(pool);
        awaitStopped(pool);
    }

    @Test
    void while_routes_are_changed_every_request_finds_one_and_no_connection_is_closed_under_it() throws Exception {
        List<Line> one = List.of(line("api", "/api/*", "connect.timeout", "1s"));
        List<Line> other = List.of(line("api", "/api/*", "connect.timeout", "2s"));
        table.replace(one);
        AtomicBoolean stop = new AtomicBoolean();
        List<String> wrong = new ArrayList<>();
        List<Thread> clients = Stream.generate(() -> new Thread(() -> {
                    while (!stop.get()) {
                        try {
                            Visit visit = enter("/api/x");
                            if (!visit.pool().client().isStarted()) {
                                throw new IllegalStateException("closed under a request");
                            }
                            visit.leave();
                        } catch (RuntimeException | Error e) {
                            synchronized (wrong) {
                                wrong.add(e.toString());
                            }
                            return;
                        }
                    }
                }))
                .limit(3)
                .toList();
        clients.forEach(Thread::start);

        for (int i = 0; i < 100; i++) {
            table.replace(i % 2 == 0 ? other : one);
        }
        stop.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(wrong).isEmpty();
    }

    private Visit enter(String path) {
        Way way = table.enter(path);
        assertThat(way).as(path).isInstanceOf(Way.Along.class);
        return ((Way.Along) way).visit();
    }

    private List<String> upstreams() {
        return table.view().routes().get(0).upstreams().stream()
                .map(upstream -> upstream.address() + " " + upstream.weight() + " " + name(upstream.state()) + " "
                        + upstream.inFlight())
                .toList();
    }

    private static String name(UpstreamState state) {
        return state.name();
    }

    private static Line line(String name, String paths, String... more) {
        Map<String, String> texts = new HashMap<>(Map.of("paths", paths, "upstreams", "http://127.0.0.1:9"));
        for (int i = 0; i < more.length; i += 2) {
            texts.put(more[i], more[i + 1]);
        }
        RouteSettings settings = ((Reading.Good) new RouteReader(Path.of(".")).read(name, texts)).settings();
        return new Line(name, "conf/" + name, Optional.of(settings), Optional.empty(), settings.paths(), false);
    }

    /** They are closed on a thread of their own. */
    private static void awaitStopped(Pool pool) throws InterruptedException {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!pool.client().isStopped() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(pool.client().isStopped()).isTrue();
    }
}

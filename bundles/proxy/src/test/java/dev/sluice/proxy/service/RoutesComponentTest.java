package dev.sluice.proxy.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.RouteView;
import dev.sluice.proxy.fixture.Said;
import dev.sluice.proxy.route.Visit;
import dev.sluice.proxy.route.Way;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;

class RoutesComponentTest {

    private static final String PID = "dev.sluice.route";

    @TempDir
    private Path home;

    private final Map<String, Dictionary<String, Object>> configured = new TreeMap<>();
    private final Map<String, String> framework = new TreeMap<>();
    private Optional<SynchronousConfigurationListener> listener = Optional.empty();
    private RoutesComponent routes;

    @AfterEach
    void stop() {
        routes.deactivate();
    }

    @Test
    void what_is_configured_at_the_start_is_there_at_once() {
        file("api", "/api/*", "http://127.0.0.1:9");
        framework.put("sluice.upstream", "http://127.0.0.1:8");

        start();

        assertThat(routes.view().routes()).extracting(RouteView::name).containsExactly("--upstream", "api");
        assertThat(route("/api/x")).isEqualTo("api");
        assertThat(route("/x")).isEqualTo("--upstream");
    }

    @Test
    void without_any_the_way_leads_nowhere() {
        framework.put("sluice.upstream", " ");
        start();

        assertThat(routes.enter("/")).isInstanceOf(Way.Nowhere.class);
        assertThat(routes.view().refused()).isEmpty();
    }

    @Test
    void a_file_that_comes_changes_or_goes_is_a_route_that_does() {
        start();

        file("api", "/api/*", "http://127.0.0.1:9");
        tell(ConfigurationEvent.CM_UPDATED, "api");
        assertThat(route("/api/x")).isEqualTo("api");

        file("api", "/new/*", "http://127.0.0.1:9");
        tell(ConfigurationEvent.CM_UPDATED, "api");
        assertThat(routes.enter("/api/x")).isInstanceOf(Way.Nowhere.class);
        assertThat(route("/new/x")).isEqualTo("api");

        // ConfigurationAdmin may tell before it has forgotten.
        tell(ConfigurationEvent.CM_DELETED, "api");
        assertThat(routes.enter("/new/x")).isInstanceOf(Way.Nowhere.class);
    }

    @Test
    void a_stop_is_no_removal_and_the_last_good_routes_are_there_after_the_next_start() {
        file("api", "/api/*", "http://127.0.0.1:9");
        start();
        routes.deactivate();
        assertThat(home.resolve("routes")).isNotEmptyDirectory();
        file("api", "/api/*", "nonsense");

        start();

        assertThat(route("/api/x")).isEqualTo("api");
        assertThat(routes.view().routes().get(0).upToDate()).isFalse();
        assertThat(routes.view().refused()).extracting(RefusedRoute::lastGood).containsExactly(true);
    }

    @Test
    void certificates_that_are_none_refuse_the_file() throws Exception {
        Files.writeString(home.resolve("ours.pem"), "no certificate");
        file("api", "/api/*", "https://127.0.0.1:9");
        configured.get(PID + "~api").put("tls.trust", "ours.pem");

        start();

        assertThat(routes.enter("/api/x")).isEqualTo(new Way.Refused("api"));
        assertThat(routes.view().refused())
                .singleElement()
                .satisfies(refused -> assertThat(refused.reason()).contains("ours.pem"))
                .satisfies(refused -> assertThat(refused.blocked()).containsExactly("/api/*"));
    }

    /** They were tried first, which takes connections of its own. */
    @Test
    void the_connections_of_a_route_that_is_taken_away_are_closed() throws Exception {
        file("api", "/api/*", "http://127.0.0.1:9");
        start();
        Visit visit = ((Way.Along) routes.enter("/api/x")).visit();
        visit.leave();

        tell(ConfigurationEvent.CM_DELETED, "api");

        long end = System.nanoTime() + 20_000_000_000L;
        while (!visit.pool().client().isStopped() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        assertThat(visit.pool().client().isStopped()).isTrue();
    }

    @Test
    void a_refused_file_is_known_as_one_from_the_start_or_one_that_came_later() {
        file("first", "/first/*", "nonsense");
        start();
        file("second", "/second/*", "nonsense");
        tell(ConfigurationEvent.CM_UPDATED, "second");

        assertThat(routes.view().refused()).extracting(RefusedRoute::name).containsExactly("first", "second");
        assertThat(routes.view().refused()).extracting(RefusedRoute::atStart).containsExactly(true, false);
        assertThat(routes.enter("/second/x")).isEqualTo(new Way.Refused("second"));
    }

    @Test
    void a_refused_file_that_is_deleted_with_the_one_in_force_takes_no_request() throws Exception {
        file("a", "/x/*", "http://127.0.0.1:9");
        file("b", "/x/*", "http://127.0.0.1:8");
        start();
        Files.delete(home.resolve("dev.sluice.route-a.cfg"));
        Files.delete(home.resolve("dev.sluice.route-b.cfg"));

        tell(ConfigurationEvent.CM_DELETED, "a");

        assertThat(routes.enter("/x/y")).isInstanceOf(Way.Nowhere.class);
    }

    @Test
    void a_refused_file_that_stays_comes_into_force() throws Exception {
        file("a", "/x/*", "http://127.0.0.1:9");
        file("b", "/x/*", "http://127.0.0.1:8");
        start();
        Files.delete(home.resolve("dev.sluice.route-a.cfg"));

        tell(ConfigurationEvent.CM_DELETED, "a");

        assertThat(route("/x/y")).isEqualTo("b");
    }

    @Test
    void the_log_says_what_becomes_of_the_paths() {
        try (Said said = new Said(RoutesComponent.class)) {
            file("a", "x", "http://127.0.0.1:9");
            file("b", "/b/*", "nonsense");
            file("c", "/c/*", "http://127.0.0.1:9");
            file("d", "/c/*", "http://127.0.0.1:9");
            start();
            assertThat(said.lines())
                    .anySatisfy(record -> assertThat(record).contains("route-a.cfg", "can't be made out", "404"))
                    .anySatisfy(record ->
                            assertThat(record).contains("route-b.cfg", "requests on [/b/*] are answered with 503"))
                    .anySatisfy(record -> assertThat(record).contains("route-d.cfg", "other routes have [/c/*]"));
        }
    }

    @Test
    void after_the_stop_nothing_is_taken_any_more() {
        start();
        SynchronousConfigurationListener late = listener.orElseThrow();
        routes.deactivate();
        file("api", "/api/*", "http://127.0.0.1:9");

        late.configurationEvent(event(ConfigurationEvent.CM_UPDATED, "api"));

        assertThat(routes.enter("/api/x")).isInstanceOf(Way.Nowhere.class);
        assertThat(listener).isEmpty();
    }

    private String route(String path) {
        Way way = routes.enter(path);
        assertThat(way).isInstanceOf(Way.Along.class);
        return ((Way.Along) way).visit().settings().name();
    }

    private void file(String name, String paths, String upstreams) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("paths", paths);
        properties.put("upstreams", upstreams);
        properties.put("service.pid", PID + "~" + name);
        properties.put("service.factoryPid", PID);
        properties.put("felix.fileinstall.filename", written(name).toUri().toString());
        configured.put(PID + "~" + name, properties);
    }

    private Path written(String name) {
        try {
            return Files.writeString(home.resolve("dev.sluice.route-" + name + ".cfg"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void tell(int type, String name) {
        listener.orElseThrow().configurationEvent(event(type, name));
    }

    private static ConfigurationEvent event(int type, String name) {
        ServiceReference<ConfigurationAdmin> reference = cast(fake(ServiceReference.class, Map.of()));
        return new ConfigurationEvent(reference, type, PID, PID + "~" + name);
    }

    private void start() {
        framework.put("sluice.conf.dir", home.toString());
        framework.put("sluice.data.dir", home.toString());
        routes = new RoutesComponent(
                fake(
                        BundleContext.class,
                        Map.of(
                                "getProperty",
                                arguments -> framework.get(arguments[0]),
                                "registerService",
                                arguments -> {
                                    listener = Optional.of((SynchronousConfigurationListener) arguments[1]);
                                    return fake(ServiceRegistration.class, Map.of("unregister", none -> {
                                        listener = Optional.empty();
                                        return null;
                                    }));
                                })),
                fake(ConfigurationAdmin.class, Map.of("listConfigurations", arguments -> configurations())));
    }

    /** None are null, as the specification says. */
    private Configuration[] configurations() {
        return configured.isEmpty()
                ? null
                : configured.entrySet().stream()
                        .map(entry -> fake(
                                Configuration.class,
                                Map.of("getPid", none -> entry.getKey(), "getProperties", none -> entry.getValue())))
                        .toArray(Configuration[]::new);
    }

    @SuppressWarnings("unchecked")
    private static <T> T cast(Object object) {
        return (T) object;
    }

    private static <T> T fake(Class<T> type, Map<String, Function<Object[], Object>> methods) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Function<Object[], Object> answer = methods.get(method.getName());
                    if (answer == null) {
                        throw new AssertionError("Not expected: " + method);
                    }
                    return answer.apply(arguments);
                }));
    }
}

package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Fake;
import dev.sluice.admin.console.ConsoleGuard;
import dev.sluice.admin.console.GuardedFramework;
import dev.sluice.admin.console.Upload;
import dev.sluice.admin.login.Login;
import dev.sluice.admin.rollback.FileOrder;
import dev.sluice.admin.rollback.RollBacks;
import dev.sluice.admin.rollout.RolloutOrders;
import dev.sluice.admin.status.Health;
import dev.sluice.admin.status.Status;
import dev.sluice.admin.status.Surroundings;
import dev.sluice.admin.trip.TripReset;
import dev.sluice.admin.unload.ExplainOrder;
import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.Operator;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.proxy.RoutesView;
import dev.sluice.unload.Explain;
import dev.sluice.unload.UnloadView;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The door on a real Jetty, before a servlet that is on every path: behind the door it may be the console's only. */
final class AdminServer implements AutoCloseable {

    static final String PASSWORD = "right horse";
    static final Duration PATIENCE = Duration.ofMillis(200);
    private static final long OWN = 3;
    static final long DEPLOYED = 40;

    /** What the servlet behind the door saw. */
    record Reached(String path, Optional<String> operator) {}

    final AtomicReference<Reached> reached = new AtomicReference<>();
    final AtomicReference<Deployments> deployer = new AtomicReference<>();
    final AtomicReference<ChainView> chain = new AtomicReference<>();
    final AtomicReference<Explain> explain = new AtomicReference<>();
    final AtomicReference<ChainControl> chainControl = new AtomicReference<>();
    final AtomicReference<DeploymentsView> deployments = new AtomicReference<>();
    final AtomicReference<List<RolloutView>> rollouts = new AtomicReference<>(List.of());
    final AtomicReference<List<PublicationView>> history = new AtomicReference<>(List.of());
    final AtomicReference<List<UnloadView>> unloads = new AtomicReference<>(List.of());
    final AtomicReference<RoutesView> routes = new AtomicReference<>(new RoutesView(List.of(), List.of()));
    final Map<String, String> factories = new TreeMap<>();
    volatile boolean consoleIsThere = true;
    volatile Set<String> hosts = Set.of();
    volatile long uploadLimit = 1000;

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpClient client = HttpClient.newHttpClient();

    AdminServer() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        Way way = way();
        Filter filter =
                (request, response, next) -> way.go((HttpServletRequest) request, (HttpServletResponse) response, next);
        FilterHolder door = new FilterHolder(filter);
        door.setAsyncSupported(true);
        context.addFilter(door, "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(new ServletHolder(new Everything()), "/*");
        server.setHandler(context);
        server.start();
    }

    private Way way() {
        Surroundings surroundings = new Surroundings() {
            @Override
            public Optional<ChainView> chain() {
                return Optional.ofNullable(chain.get());
            }

            @Override
            public Optional<DeploymentsView> deployments() {
                return Optional.ofNullable(deployments.get());
            }

            @Override
            public List<PublicationView> history(int most) {
                return history.get().subList(0, Math.min(most, history.get().size()));
            }

            @Override
            public List<RolloutView> rollouts() {
                return rollouts.get();
            }

            @Override
            public Optional<RoutesView> routes() {
                return Optional.ofNullable(routes.get());
            }

            @Override
            public Optional<List<UnloadView>> unloads() {
                return Optional.ofNullable(unloads.get());
            }
        };
        Upload upload = new Upload(() -> Optional.ofNullable(deployer.get()), () -> uploadLimit);
        FileOrder order = new FileOrder(() -> Optional.ofNullable(deployer.get()), PATIENCE);
        return new Way(
                new HostCheck(() -> hosts),
                new OriginCheck(),
                Login.with(name -> null, Map.of("SLUICE_ADMIN_PASSWORD", PASSWORD)::get),
                new ConsoleGuard(upload, framework()),
                () -> consoleIsThere,
                new Health(surroundings),
                new Status("1.2.3", () -> Duration.ofMillis(1500), surroundings, java.util.List::of),
                new TripReset(() -> Optional.ofNullable(chainControl.get())),
                new RollBacks(order),
                new RolloutOrders(order),
                new ExplainOrder(() -> Optional.ofNullable(explain.get())));
    }

    private GuardedFramework framework() {
        Map<Long, Bundle> bundles = Map.of(
                0L,
                bundle("org.apache.felix.framework", "System Bundle"),
                OWN,
                bundle("dev.sluice.chain", "reference:file:/home/data/cache/chain.jar"),
                4L,
                bundle("org.apache.felix.http.jetty12", "reference:file:/home/data/cache/jetty.jar"),
                DEPLOYED,
                bundle("dev.sluice.sample.greeting", "sluice:abc#1"),
                41L,
                bundle("com.example.tool", "file:/opt/tool.jar"));
        BundleContext context =
                Fake.of(BundleContext.class, Map.of("getBundle", arguments -> bundles.get((Long) arguments[0])));
        ConfigurationAdmin configurations = Fake.of(
                ConfigurationAdmin.class, Map.of("listConfigurations", arguments -> configurations(arguments[0])));
        ServiceComponentRuntime components = Fake.of(
                ServiceComponentRuntime.class,
                Map.of(
                        "getComponentDescriptionDTOs",
                        arguments -> Components.ALL,
                        "getComponentConfigurationDTOs",
                        arguments -> Components.of(arguments[0])));
        return new GuardedFramework(context, configurations, components, id -> id == DEPLOYED);
    }

    private static Bundle bundle(String name, String location) {
        return Fake.of(Bundle.class, Map.of("getSymbolicName", none -> name, "getLocation", none -> location));
    }

    private Configuration[] configurations(Object filter) {
        String pid = filter.toString().replaceAll("\\(service.pid=|\\)", "");
        String factory = factories.get(pid);
        return factory == null
                ? null
                : new Configuration[] {Fake.of(Configuration.class, Map.of("getFactoryPid", none -> factory))};
    }

    /** {@return a request to a path, logged in} */
    HttpRequest.Builder to(String path) {
        return anonymously(path).header("Authorization", basic("admin", PASSWORD));
    }

    HttpRequest.Builder anonymously(String path) {
        return HttpRequest.newBuilder(URI.create(origin() + path));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        reached.set(null);
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Of all that is sent to a path, only a form counts that the operator posts, and from here. */
    void assertTakesOnlyTheOperatorsForms(String path, String form) throws IOException, InterruptedException {
        HttpResponse<String> read = send(to(path + "?" + form));
        assertThat(read.statusCode()).isEqualTo(405);
        assertThat(read.headers().firstValue("Allow")).hasValue("POST");
        assertThat(send(to(path + "?" + form).POST(BodyPublishers.noBody())).statusCode())
                .isEqualTo(415);
        String type = "application/x-www-form-urlencoded";
        HttpResponse<String> foreign = send(to(path).header("Content-Type", type)
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.ofString(form)));
        assertThat(foreign.statusCode()).isEqualTo(403);
        HttpResponse<String> anonymous =
                send(anonymously(path).header("Content-Type", type).POST(BodyPublishers.ofString(form)));
        assertThat(anonymous.statusCode()).isEqualTo(401);
    }

    HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
        return send(to(path).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /** {@return the answer to a request that is sent as it stands} */
    String raw(String request) throws IOException {
        reached.set(null);
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }

    String origin() {
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private final class Everything extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            reached.set(new Reached(request.getRequestURI(), Operator.current()));
            response.getWriter().print("REACHED " + request.getParameter("action"));
        }
    }
}

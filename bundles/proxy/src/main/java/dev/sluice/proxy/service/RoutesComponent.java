package dev.sluice.proxy.service;

import dev.sluice.conf.LastGood;
import dev.sluice.proxy.RefusedRoute;
import dev.sluice.proxy.Routes;
import dev.sluice.proxy.RoutesView;
import dev.sluice.proxy.config.RouteBook;
import dev.sluice.proxy.config.RouteBook.Line;
import dev.sluice.proxy.config.RouteFile;
import dev.sluice.proxy.config.RouteReader;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.route.Way;
import dev.sluice.proxy.upstream.Membership;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.Pools;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of {@code --upstream} and {@code conf/dev.sluice.route-<any>.cfg}, kept as these are.
 *
 * <p>Configurations are looked at all together, and not as components that come and go one by one: which of two files has a
 * path doesn't depend on which is seen first, and a stop of this bundle doesn't look like the removal of its files.
 */
@Component(
        service = {Router.class, Routes.class},
        immediate = true,
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class RoutesComponent implements Router, Routes {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesComponent.class);

    private static final String ROUTES =
            "(|(service.factoryPid=" + RouteFile.PID + ")(service.pid=" + RouteFile.PID + "))";

    private final ConfigurationAdmin configurations;
    private final Pools pools = new Pools();
    private final ScheduledThreadPoolExecutor timer = timer();
    private final RouteTable table;
    private final RouteBook book;
    private final ServiceRegistration<SynchronousConfigurationListener> listener;

    /** Connections that routes were tried with: open until those that are taken have theirs. Guarded by this. */
    private final List<Pool> tried = new ArrayList<>();

    /** Guarded by this. */
    private List<Line> lines = List.of();

    /** Guarded by this. */
    private boolean closed;

    /**
     * Takes the routes as they are configured, and each change from now on.
     *
     * @param context this bundle's context
     * @param configurations where the files' contents are
     */
    @Activate
    public RoutesComponent(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this.configurations = configurations;
        Membership membership = new Membership(
                System::nanoTime,
                InstantSource.system(),
                bound -> ThreadLocalRandom.current().nextInt(bound),
                timer);
        this.table = new RouteTable(pools, membership, System::nanoTime);
        this.book = new RouteBook(
                Optional.ofNullable(context.getProperty("sluice.upstream")).filter(text -> !text.isBlank()),
                new RouteReader(folder(context, "sluice.conf.dir")),
                new LastGood(
                        folder(context, "sluice.data.dir").resolve("routes"),
                        "route",
                        "requests on its paths would get 503"),
                route -> tried.add(pools.acquire(route.pool())),
                System::nanoTime);
        // First the listener: what changes after the first look is heard of.
        this.listener = context.registerService(SynchronousConfigurationListener.class, this::changed, null);
        take("", false);
    }

    private static Path folder(BundleContext context, String property) {
        String folder = context.getProperty(property);
        return Path.of(folder == null ? "." : folder);
    }

    /** Its thread is there only once there is something to check. */
    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(null, task, "sluice-proxy-health", 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(RoutesComponent.class.getClassLoader());
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private void changed(ConfigurationEvent event) {
        if (RouteFile.PID.equals(event.getFactoryPid()) || RouteFile.PID.equals(event.getPid())) {
            take(event.getPid(), event.getType() == ConfigurationEvent.CM_DELETED);
        }
    }

    /** On the thread that changes a configuration, or the one that starts the bundle: one after the other. */
    private synchronized void take(String changed, boolean deleted) {
        if (closed) {
            return;
        }
        try {
            List<Line> now = book.take(files(changed, deleted));
            table.replace(now);
            log(lines, now, table.view().refused());
            lines = now;
        } catch (IOException | RuntimeException e) {
            // Whoever changes a configuration, or starts the bundle, can do nothing about it.
            LOG.error("The routes can't be changed: what was in force stays", e);
        } finally {
            tried.forEach(pools::release);
            tried.clear();
        }
    }

    private List<RouteFile> files(String changed, boolean deleted) throws IOException {
        try {
            var found = configurations.listConfigurations(ROUTES);
            List<RouteFile> files = new ArrayList<>();
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                Dictionary<String, Object> properties = configuration.getProperties();
                boolean isChanged = configuration.getPid().equals(changed);
                if (properties != null && !(isChanged && deleted)) {
                    Map<String, Object> map = FrameworkUtil.asMap(properties);
                    RouteFile file = RouteFile.of(configuration.getPid(), map);
                    if (isChanged || !isWaitingInVain(file, map)) {
                        files.add(file);
                    }
                }
            }
            return files;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Several files that are deleted together are heard of one after the other: one that was refused for the sake of another
     * must not come into force for the moment between them.
     */
    private boolean isWaitingInVain(RouteFile file, Map<String, Object> properties) {
        return properties.get("felix.fileinstall.filename") != null
                && lines.stream()
                        .anyMatch(line -> line.name().equals(file.name())
                                && line.inForce().isEmpty())
                && !Files.exists(Path.of(
                        URI.create(properties.get("felix.fileinstall.filename").toString())));
    }

    private static void log(List<Line> before, List<Line> now, List<RefusedRoute> refused) {
        for (Line line : now) {
            if (before.contains(line)) {
                continue;
            }
            line.refusal()
                    .ifPresentOrElse(
                            reason -> LOG.error(
                                    "{} is not taken, and {}: {}", line.file(), consequence(line, refused), reason),
                            () -> line.inForce()
                                    .ifPresent(route -> LOG.info(
                                            "Route {} from {}: {} to {}",
                                            line.name(),
                                            line.file(),
                                            route.paths(),
                                            route.upstreams().stream()
                                                    .map(upstream ->
                                                            upstream.address().toString())
                                                    .toList())));
        }
        before.stream()
                .filter(line -> now.stream().noneMatch(other -> other.name().equals(line.name())))
                .forEach(line -> LOG.info("Route {} is taken away, with {}", line.name(), line.file()));
    }

    private static String consequence(Line line, List<RefusedRoute> refused) {
        if (line.inForce().isPresent()) {
            return "what it said before stays in force";
        }
        if (line.paths().isEmpty()) {
            return "its paths can't be made out, so requests on them go where other routes have them go, or get 404";
        }
        List<String> blocked = refused.stream()
                .filter(one -> one.name().equals(line.name()))
                .flatMap(one -> one.blocked().stream())
                .toList();
        return blocked.isEmpty()
                ? "other routes have " + line.paths()
                : "requests on " + blocked + " are answered with 503";
    }

    @Override
    public Way enter(String path) {
        return table.enter(path);
    }

    @Override
    public RoutesView view() {
        return table.view();
    }

    @Deactivate
    synchronized void deactivate() {
        closed = true;
        listener.unregister();
        table.close();
        timer.shutdownNow();
        pools.close();
    }
}

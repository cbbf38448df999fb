package dev.sluice.container;

import dev.sluice.container.bundles.BundleCache;
import dev.sluice.container.bundles.BundleList;
import dev.sluice.container.bundles.ContainedBundle;
import dev.sluice.container.home.Home;
import dev.sluice.container.options.Settings;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipFile;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;

/** The framework with the container's bundles in it, from its making to its stop. */
final class Container {

    private final BundleList list;
    private final Path cache;
    private final Framework framework;
    private final FrameworkStop stop;
    private final Map<Bundle, Throwable> failures = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    Container(Settings settings, Home home, String version) throws IOException {
        list = BundleList.load(Container.class.getClassLoader());
        cache = home.cache().resolve("bundles");
        Map<String, Object> properties =
                new HashMap<>(FrameworkProperties.of(settings, home, version, list.highestStartLevel()));
        properties.put("felix.log.logger", new FrameworkLog());
        framework = framework(properties);
        stop = new FrameworkStop(
                framework,
                list.highestStartLevel(),
                FrameworkStop.Patience.of(settings.shutdownDelay().plus(settings.drainTimeout())));
    }

    // Felix takes objects beside the strings that the specification speaks of: its logger is one.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Framework framework(Map<String, Object> properties) {
        return new FrameworkFactory().newFramework((Map) properties);
    }

    /** {@return the framework's context, with which listeners can be set before anything starts} */
    BundleContext init() throws BundleException {
        framework.init();
        stop.listen(framework.getBundleContext());
        return framework.getBundleContext();
    }

    /**
     * Installs and starts all bundles, in the list's order within the start levels.
     *
     * @throws StartFailure if one doesn't resolve or start
     */
    void start() throws StartFailure, BundleException, IOException {
        BundleContext context = framework.getBundleContext();
        context.addFrameworkListener(event -> {
            if (event.getType() == FrameworkEvent.ERROR) {
                failures.putIfAbsent(event.getBundle(), event.getThrowable());
            }
        });
        try {
            List<Bundle> bundles = install(context);
            framework.start();
            for (Bundle bundle : bundles) {
                if (bundle.getState() != Bundle.ACTIVE && !stopping) {
                    throw failed(bundle);
                }
            }
        } catch (BundleException | IllegalStateException e) {
            // A stop that comes in the middle of the start is no failure of the start.
            if (!stopping) {
                throw e;
            }
        }
    }

    private List<Bundle> install(BundleContext context) throws IOException, BundleException {
        List<Bundle> bundles = new ArrayList<>();
        try (ZipFile jar = new ZipFile(jar())) {
            BundleCache files = new BundleCache(cache, jar);
            for (ContainedBundle contained : list.bundles()) {
                // By reference, so the framework runs the cached file itself and keeps no copy of its own.
                Bundle bundle = context.installBundle(
                        "reference:" + files.file(contained).toUri().toURL());
                bundle.adapt(BundleStartLevel.class).setStartLevel(contained.startLevel());
                bundle.start();
                bundles.add(bundle);
            }
            files.prune(list);
        }
        return bundles;
    }

    /** The JAR that this class comes from. */
    static File jar() throws IOException {
        try {
            return new File(Container.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("The container's JAR can't be found", e);
        }
    }

    private StartFailure failed(Bundle bundle) {
        Throwable cause = failures.get(bundle);
        String what = bundle.getState() == Bundle.INSTALLED ? "resolved" : "started";
        return StartFailure.internal(
                "Bundle " + bundle.getSymbolicName() + " " + bundle.getVersion() + " could not be " + what, cause);
    }

    /**
     * Stops everything in good order and returns when that is done. Calling it again, or from several threads, is fine.
     *
     * @return whether all has stopped; not if a bundle's code is still in its start or stop some time after the drain
     */
    boolean stop() throws BundleException, InterruptedException {
        stopping = true;
        return stop.run();
    }

    /**
     * Has a stop wait no longer for load balancers and running requests.
     *
     * @return whether there is a chain to tell
     */
    boolean hurry() {
        BundleContext context = framework.getBundleContext();
        if (context == null) {
            return false;
        }
        try {
            Collection<ServiceReference<Runnable>> found =
                    context.getServiceReferences(Runnable.class, "(dev.sluice.hurries=stop)");
            List<Runnable> hurries = found.stream()
                    .map(context::getService)
                    .filter(Objects::nonNull)
                    .toList();
            hurries.forEach(Runnable::run);
            return !hurries.isEmpty();
        } catch (InvalidSyntaxException | IllegalStateException e) {
            return false;
        }
    }

    /** {@return what has kept the framework from its stop} */
    String stillBusy() {
        return stop.stillBusy();
    }

    /** Waits until the framework has stopped, and {@return what the process is to end with} */
    int awaitStop() throws InterruptedException {
        FrameworkEvent event = framework.waitForStop(0);
        return switch (event.getType()) {
            case FrameworkEvent.STOPPED_UPDATE, FrameworkEvent.STOPPED_SYSTEM_REFRESHED -> ExitCode.RESTART;
            case FrameworkEvent.ERROR -> ExitCode.FAILURE;
            default -> ExitCode.STOPPED;
        };
    }
}

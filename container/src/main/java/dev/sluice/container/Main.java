package dev.sluice.container;

import dev.sluice.container.home.Home;
import dev.sluice.container.home.HomeLock;
import dev.sluice.container.home.StaleConfigurations;
import dev.sluice.container.options.Invocation;
import dev.sluice.container.options.InvocationReader;
import dev.sluice.container.options.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * Starts the container, says when it's ready, and stays until it has stopped. Standard output has the ready line, and
 * nothing else of the container's; what goes wrong is one line on standard error.
 */
public final class Main {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Settings settings;
    private final Home home;
    private final String version;

    private Main(Settings settings, String version) {
        this.settings = settings;
        this.home = new Home(settings.home());
        this.version = version;
    }

    /** @param args see {@code --help} */
    public static void main(String[] args) {
        end(run(args));
    }

    private static int run(String... args) {
        String version = version();
        try {
            InvocationReader reader = new InvocationReader(System.getenv(), "Sluice " + version);
            Invocation invocation = reader.read(args);
            if (invocation instanceof Invocation.Run run) {
                reader.warnings().forEach(System.err::println);
                return new Main(run.settings(), version).run();
            }
            System.out.println(((Invocation.Print) invocation).text());
            return ExitCode.STOPPED;
        } catch (StartFailure e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        }
    }

    private int run() throws StartFailure {
        home.prepare();
        // Held until the process ends, in whatever way.
        HomeLock.acquire(home);
        try {
            PortCheck.check(settings);
            return runAlone();
        } catch (StartFailure e) {
            throw e.getCause() == null ? e : recorded(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody interrupts the main thread", e);
        } catch (IOException | BundleException | RuntimeException | LinkageError e) {
            throw recorded(StartFailure.internal("The container could not start: " + e.getMessage(), e));
        }
    }

    private int runAlone() throws StartFailure, BundleException, IOException, InterruptedException {
        StaleConfigurations.drop(home);
        // The configuration of the log finds its files by it.
        System.setProperty("sluice.logs.dir", home.logs().toString());
        // Jetty's servlets leave a Content-Type as it was set, and don't put it into what they hold for its usual form.
        System.setProperty("org.eclipse.jetty.http.HttpGenerator.STRICT", "true");
        Container container = new Container(settings, home, version);
        BundleContext framework = container.init();
        LastWord.of(framework);
        Listeners listeners = Listeners.of(framework);
        stopOnRequest(container);
        CompletableFuture<Void> started = new CompletableFuture<>();
        StartWait wait = new StartWait(listeners, started, System.err::println);
        Thread ready = new Thread(null, () -> sayWhenReady(listeners, wait), "sluice-ready", 0, false);
        ready.setDaemon(true); // the container may be stopped before it's ever ready
        ready.start();
        container.start();
        started.complete(null);
        return container.awaitStop();
    }

    private void stopOnRequest(Container container) {
        AtomicBoolean ending = new AtomicBoolean();
        StopSignals.handle(
                () -> {
                    // What is ending already ends with the status that it was ended with.
                    if (!stop(container) && !ending.get() && !ExitCall.isUnderWay()) {
                        Runtime.getRuntime().halt(ExitCode.STUCK);
                    }
                },
                container::hurry);
        // For every other way out: SIGHUP, a bundle that calls System.exit, a start that fails.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        null,
                        () -> {
                            ending.set(true);
                            stop(container);
                        },
                        "sluice-shutdown-hook",
                        0,
                        false));
    }

    /** {@return whether all has stopped that can be} */
    private static boolean stop(Container container) {
        try {
            boolean stopped = container.stop();
            if (!stopped) {
                System.err.println("Ending though it hasn't stopped: " + container.stillBusy());
            }
            return stopped;
        } catch (BundleException e) {
            System.err.println("The container could not stop in good order: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private void sayWhenReady(Listeners listeners, StartWait wait) {
        try {
            wait.await(PATIENCE.minusMillis(ManagementFactory.getRuntimeMXBean().getUptime()), this::whereToLook);
            int port = listeners.port(Listeners.Which.DATA);
            int adminPort = listeners.port(Listeners.Which.ADMIN);
            long now = System.currentTimeMillis();
            long millis = now - ManagementFactory.getRuntimeMXBean().getStartTime();
            System.out.println(ReadyLine.of(version, millis, settings, port, adminPort));
            if (passwordWasGenerated()) {
                System.out.println("The password of the user admin is in " + home.generatedPassword());
            }
            if (Training.isAskedFor()) {
                Training.run(port, adminPort);
                return;
            }
            OwnClasses.loadSoon(Container.jar());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // The stop does with the classes that are there, and a training that ends so leaves nothing that is used.
            Training.failed(e);
            return;
        }
    }

    private String whereToLook(List<Listeners.Which> awaited) {
        boolean adminOpen = !awaited.contains(Listeners.Which.ADMIN);
        String admin = settings.adminPort() == 0 ? "" : ReadyLine.url(settings.adminHost(), settings.adminPort());
        return (adminOpen ? "at " + admin + "/health/ready and " : "") + "into " + home.logs();
    }

    private boolean passwordWasGenerated() {
        return settings.adminPasswordFile().isEmpty()
                && System.getenv("SLUICE_ADMIN_PASSWORD") == null
                && Files.exists(home.generatedPassword());
    }

    private StartFailure recorded(StartFailure failure) {
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(home.failedStart()))) {
            failure.getCause().printStackTrace(out);
        } catch (IOException e) {
            return failure;
        }
        return StartFailure.internal(failure.getMessage() + ": see " + home.failedStart(), failure.getCause());
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "(unpacked)" : version;
    }

    private static void end(int exitCode) {
        if (exitCode == ExitCode.RESTART) {
            // The framework is about to start itself again, with the bundles it remembers and without the deployer's
            // care. All is stopped by now, so nothing is lost by going at once.
            System.err.println(
                    "A restart was asked for from inside: ending, for the supervisor to start a new process");
            Runtime.getRuntime().halt(exitCode);
        }
        System.exit(exitCode);
    }
}

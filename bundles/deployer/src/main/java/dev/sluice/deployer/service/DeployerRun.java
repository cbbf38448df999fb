package dev.sluice.deployer.service;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.deploy.Earlier;
import dev.sluice.deployer.deploy.FolderListener;
import dev.sluice.deployer.deploy.Parts;
import dev.sluice.deployer.folder.FolderWatch;
import dev.sluice.deployer.integrity.Checks;
import dev.sluice.deployer.integrity.Inspection;
import dev.sluice.deployer.integrity.Standards;
import dev.sluice.deployer.leaving.Departing;
import dev.sluice.deployer.leaving.Witness;
import dev.sluice.deployer.operator.Decisions;
import dev.sluice.deployer.restore.Present;
import dev.sluice.deployer.restore.Restore;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.status.Alarms;
import dev.sluice.deployer.trial.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of the deployer, from its start to its end: brings back what was published, opens the chain, and hands the folder
 * over to the watch. The parts that it works with are made by {@link Assembly}. Two threads after one another: {@code sluice-restore}, which then starts the
 * watch's.
 */
final class DeployerRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeployerRun.class);

    private static final long PATIENCE_MILLIS = 2_000;

    private final BundleContext context;
    private final Supplier<Settings> settings;
    final Parts parts;
    private final Decisions decisions;
    private final Departing departing;
    private final Verification verification;
    private final Operations operations;
    private final List<ServiceRegistration<?>> registrations;
    private final Heralds heralds;
    private final Policies policies;
    private final Pace pace;
    private final ScheduledExecutorService looks;
    private final CompletableFuture<FolderWatch> watch = new CompletableFuture<>();
    private final Checks checks;
    private final Standards standards;
    private final Alarms settingsAlarms;
    private final FolderListener listener;
    private final Thread restoring = new Thread(null, this::restore, "sluice-restore", 0, false);
    private boolean closed;

    /** @throws IOException if the data directory can't be used */
    DeployerRun(
            BundleContext context,
            ChainControl chain,
            ServiceComponentRuntime components,
            Path deployDirectory,
            Path dataDirectory,
            Path configurationDirectory,
            Supplier<Settings> settings,
            Policies policies,
            Pace pace)
            throws IOException {
        this.context = context;
        this.policies = policies;
        this.pace = pace;
        this.heralds = new Heralds(context);
        this.looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(null, task, "sluice-rollouts", 0, false);
            thread.setDaemon(true);
            return thread;
        });
        this.settings = settings;
        this.parts = new Assembly(context, chain, settings, this::lookAgain)
                .parts(deployDirectory, dataDirectory, components, pace, policies, heralds::tell);
        this.verification = new Verification(() -> settings.get().limits(), chain::faults);
        this.checks = new Checks(context, this::standardsMayHaveChanged);
        this.standards = new Standards(
                () -> settings.get().integrity(),
                configurationDirectory.resolve("trust"),
                Optional.of(checks),
                new Alarms(parts.board(), "standards:")::replace);
        this.settingsAlarms = new Alarms(parts.board(), "settings:");
        this.listener =
                new FolderListener(parts, this::lookAgain, step -> watch.thenAccept(started -> started.execute(step)));
        this.operations = new Operations(parts, new Earlier(parts, verification), listener, watch::isDone);
        this.decisions = new Decisions(
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION),
                parts.roster(),
                parts.ledger(),
                parts.folder(),
                parts.release(),
                parts.clock());
        this.registrations = List.of(
                context.registerService(
                        ResolverHookFactory.class, parts.installation().freshWiring(), null),
                context.registerService(ConfigurationListener.class, this::configured, null));
        this.departing = new Departing(parts.roster(), parts.chain(), parts.witness());
        context.addBundleListener(decisions);
        context.addBundleListener(departing);
    }

    void start() {
        restoring.setDaemon(true);
        restoring.start();
    }

    private void restore() {
        try {
            parts.folder().initialise();
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
            parts.board().alarm("initialise", e.getMessage());
        }
        Present present = new Present(context, parts.chain());
        new Restore(parts, present, standards::areUnverifiedReadable).run();
        // Asked now: if all that was published has gone with its files, the folder tells what requests need.
        boolean complete = parts.ledger().state().opened();
        synchronized (this) {
            if (closed) {
                return;
            }
            if (complete) {
                parts.firstStart().open();
            } else if (parts.ledger().damagedLines() > 0) {
                parts.firstStart()
                        .waits(
                                "Requests are admitted once the deploy folder has been compared, as the ledger is damaged");
            }
            watchTheFolder();
        }
    }

    private void watchTheFolder() {
        Map<String, String> known = new HashMap<>();
        // No digest: they are tried again, and missed if they have gone.
        parts.ledger().state().reserved().keySet().forEach(name -> known.put(ArtifactNames.file(name), ""));
        parts.roster().all().stream()
                .filter(deployed -> !parts.rollouts().isBeside(deployed.file()))
                .filter(deployed -> !deployed.artifact().isMember())
                .forEach(deployed ->
                        known.put(deployed.file(), deployed.artifact().contentOfFile()));
        FolderWatch started = new FolderWatch(
                parts.folder(),
                parts.store(),
                new Inspection(parts.folder().dir(), verification, standards, new Published(parts.ledger())),
                () -> settings.get().watch(),
                known);
        started.start(listener);
        long every = pace.looks().toNanos();
        looks.scheduleWithFixedDelay(this::look, every, every, TimeUnit.NANOSECONDS);
        // Asked before others can ask: who is told later that all is dealt with finds that it has started.
        started.scanNow().thenCompose(scanned -> listener.idle()).thenRun(() -> {
            parts.board().started();
            parts.firstStart().openIfComplete();
        });
        watch.complete(started);
    }

    /** Has what is under watch looked at; on any thread. */
    void look() {
        decisions.catchUp();
        listener.look();
    }

    /** On any thread; nobody is waited for. */
    void standardsMayHaveChanged() {
        watch.thenAccept(FolderWatch::scanNow);
    }

    /** What is wrong with the configuration now, all of it each time. */
    void settingsAlarms(Set<String> sentences) {
        settingsAlarms.replace(sentences);
    }

    /** {@return who is told what leaves, and judges it} */
    Witness witness() {
        return parts.witness();
    }

    private void lookAgain(String file) {
        watch.thenAccept(started -> started.forget(file));
    }

    /** {@return completed when what was published is back, and everything in the folder was dealt with} */
    CompletableFuture<Void> reconciled() {
        return watch.thenCompose(FolderWatch::scanNow).thenCompose(scanned -> listener.idle());
    }

    private void configured(ConfigurationEvent event) {
        // Also one that has gone: it may have been what was wrong.
        if (event.getType() != ConfigurationEvent.CM_LOCATION_CHANGED) {
            parts.awaited().configured(event.getPid());
            Optional.ofNullable(event.getFactoryPid()).ifPresent(parts.awaited()::configured);
        }
    }

    DeploymentsView view() {
        return PolicyAlarms.with(parts.absences().explained(parts.board().view()), policies);
    }

    List<RolloutView> rollouts() {
        return parts.rollouts().views();
    }

    Path submit(String fileName, InputStream content) throws IOException {
        return parts.folder().put(fileName, content);
    }

    Operations operations() {
        return operations;
    }

    boolean owns(long bundleId) {
        Bundle bundle = context.getBundle(bundleId);
        return bundle != null && Installation.isOurs(bundle);
    }

    /** Ends the run. What is under way is given up, and found again by the next one. */
    @Override
    public void close() {
        looks.shutdownNow();
        heralds.close();
        parts.trials().close();
        synchronized (this) {
            closed = true;
        }
        watch.thenAccept(started -> {
            started.close();
            listener.close();
        });
        parts.wishes().close();
        parts.release().close();
        parts.awaited().close();
        checks.close();
        context.removeBundleListener(decisions);
        context.removeBundleListener(departing);
        registrations.forEach(ServiceRegistration::unregister);
        try {
            restoring.join(PATIENCE_MILLIS);
            decisions.catchUp();
            parts.witness().close();
            parts.ledger().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The ledger could not be closed: {}", e.toString());
        }
    }
}

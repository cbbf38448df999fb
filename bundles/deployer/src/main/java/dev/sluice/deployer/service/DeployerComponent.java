package dev.sluice.deployer.service;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.DeploymentsView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.unload.Unloads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deployer. It runs while there is a chain: when the chain's bundle comes back after an update, a new run adopts the
 * bundles that are installed, and opens the chain again. Neither the end of a run nor its start touches a unit.
 */
@Component(service = Deployments.class, immediate = true, configurationPid = Settings.PID)
@Designate(ocd = DeployerConfiguration.class)
public final class DeployerComponent implements Deployments {

    private static final Logger LOG = LoggerFactory.getLogger(DeployerComponent.class);

    private static final int LOOK_SECONDS = 1;

    private final SettingsBook settings;
    private final DeployerRun run;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(null, task, "sluice-settings", 0, false);
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Makes the deployer.
     *
     * @throws IOException if the data directory can't be used; nothing is deployed then, and the chain isn't opened
     */
    @Activate
    public DeployerComponent(
            BundleContext context,
            DeployerConfiguration configuration,
            Map<String, Object> properties,
            @Reference ChainControl chain,
            @Reference ServiceComponentRuntime components,
            @Reference Policies policies,
            @Reference ConfigurationAdmin configurations)
            throws IOException {
        this.settings = new SettingsBook(
                directory(context, "sluice.data.dir"),
                new UnreadFiles(
                        directory(context, "sluice.conf.dir"),
                        () -> UnreadFiles.taken(configurations),
                        System::nanoTime),
                chain::unreadRules);
        settings.take(configuration, properties);
        this.run = new DeployerRun(
                context,
                chain,
                components,
                directory(context, "sluice.deploy.dir"),
                directory(context, "sluice.data.dir"),
                directory(context, "sluice.conf.dir"),
                settings::settings,
                policies,
                Pace.REAL);
        run.settingsAlarms(settings.alarms());
    }

    /** Its stop and its return are no reason to start the deployer anew: without it bundles leave unjudged. */
    @Reference(
            name = "unloads",
            unbind = "unjudgedBy",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void judgedBy(Unloads unloads) {
        run.witness().judgedBy(unloads);
    }

    void unjudgedBy(Unloads unloads) {
        run.witness().judgedNoMoreBy(unloads);
    }

    /** Starts it, once it is known who judges. What was last published is brought back on another thread, for it may take as long
     * as bundles take to start. */
    @Activate
    void start() {
        run.start();
        looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** File Install tells nobody of what it can't read, and the chain nobody of what it doesn't know. */
    private void look() {
        try {
            if (settings.look()) {
                standardsMayHaveChanged();
            }
        } catch (RuntimeException e) {
            // A look that fails must not be the last one.
            LOG.warn("conf/ can't be looked through", e);
        }
    }

    private static Path directory(BundleContext context, String property) {
        String path = context.getProperty(property);
        if (path == null) {
            throw new IllegalStateException(
                    "the framework property " + property + " is missing: start the container through its launcher");
        }
        return Path.of(path);
    }

    @Modified
    void modified(DeployerConfiguration configuration, Map<String, Object> properties) {
        settings.take(configuration, properties);
        standardsMayHaveChanged();
    }

    private synchronized void standardsMayHaveChanged() {
        run.settingsAlarms(settings.alarms());
        run.standardsMayHaveChanged();
    }

    @Deactivate
    void deactivate() {
        looks.shutdownNow();
        run.close();
    }

    @Override
    public DeploymentsView view() {
        return run.view();
    }

    @Override
    public Path submit(String fileName, InputStream content) throws IOException {
        return run.submit(fileName, content);
    }

    @Override
    public List<PublicationView> history(int most) {
        return run.operations().history(most);
    }

    @Override
    public List<ContentView> kept(String target) {
        return run.operations().kept(target);
    }

    @Override
    public CompletableFuture<RollBack> rollBack(String target, String to) {
        return run.operations().rollBack(target, to);
    }

    @Override
    public CompletableFuture<RollBack> rollForward(String target) {
        return run.operations().rollForward(target);
    }

    @Override
    public List<RolloutView> rollouts() {
        return run.rollouts();
    }

    @Override
    public CompletableFuture<RolloutOrder> pause(String target) {
        return run.operations().pause(target);
    }

    @Override
    public CompletableFuture<RolloutOrder> resume(String target) {
        return run.operations().resume(target);
    }

    @Override
    public CompletableFuture<RolloutOrder> promote(String target) {
        return run.operations().promote(target);
    }

    @Override
    public CompletableFuture<RolloutOrder> abort(String target) {
        return run.operations().abort(target);
    }

    @Override
    public boolean owns(long bundleId) {
        return run.owns(bundleId);
    }
}

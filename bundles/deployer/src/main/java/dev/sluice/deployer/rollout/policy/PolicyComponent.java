package dev.sluice.deployer.rollout.policy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.function.LongSupplier;
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
 * The policies of {@code conf/dev.sluice.rollout-<any>.cfg}. They are looked at all together, and not as components that come and
 * go one by one: which of two files counts doesn't depend on which is seen first.
 */
@Component(service = Policies.class, immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class PolicyComponent implements Policies {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyComponent.class);

    private static final String PID = PolicyConfiguration.PID;
    private static final String POLICIES = "(|(service.factoryPid=" + PID + ")(service.pid=" + PID + "))";

    private final ConfigurationAdmin configurations;
    private final ServiceRegistration<SynchronousConfigurationListener> listener;

    /** Guarded by this. */
    private final PolicyBook book;

    /**
     * Takes the policies as they are configured, and each change from now on.
     *
     * @param context this bundle's context
     * @param configurations where the files' contents are
     */
    @Activate
    public PolicyComponent(BundleContext context, @Reference ConfigurationAdmin configurations) {
        this(context, configurations, System::nanoTime);
    }

    PolicyComponent(BundleContext context, ConfigurationAdmin configurations, LongSupplier nanos) {
        this.configurations = configurations;
        this.book = new PolicyBook(nanos);
        // First the listener: what changes after the first look is heard of.
        this.listener = context.registerService(SynchronousConfigurationListener.class, this::changed, null);
        take("");
    }

    private void changed(ConfigurationEvent event) {
        if (PID.equals(event.getFactoryPid()) || PID.equals(event.getPid())) {
            take(event.getType() == ConfigurationEvent.CM_DELETED ? event.getPid() : "");
        }
    }

    /** On the thread that changes a configuration, or the one that starts the bundle: one after the other. */
    private synchronized void take(String deleted) {
        try {
            List<PolicyLine> before = book.lines();
            book.take(files(deleted)).stream()
                    .filter(line -> !before.contains(line))
                    .forEach(PolicyComponent::log);
        } catch (IOException | RuntimeException e) {
            // Whoever changes a configuration, or starts the bundle, can do nothing about it.
            LOG.error("The policies of rollouts can't be read: what was in force stays", e);
        }
    }

    private List<PolicyFile> files(String deleted) throws IOException {
        try {
            Configuration[] found = configurations.listConfigurations(POLICIES);
            List<PolicyFile> files = new ArrayList<>();
            for (Configuration configuration : found == null ? new Configuration[0] : found) {
                Dictionary<String, Object> properties = configuration.getProperties();
                if (properties != null && !configuration.getPid().equals(deleted)) {
                    files.add(PolicyFile.of(configuration.getPid(), FrameworkUtil.asMap(properties)));
                }
            }
            return files;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void log(PolicyLine line) {
        line.refusal()
                .ifPresentOrElse(
                        reason -> LOG.error(
                                "The rollout policy in {} is not taken{}: {}",
                                line.file(),
                                line.inForce().isPresent() ? ", and what it said before stays in force" : "",
                                reason),
                        () -> LOG.info(
                                "Rollout policy from {}: {}",
                                line.file(),
                                line.inForce().orElseThrow().texts()));
    }

    @Override
    public synchronized Choice choose(String symbolicName, Collection<String> middleware) {
        return book.choose(symbolicName, middleware);
    }

    @Override
    public synchronized List<PolicyLine> lines() {
        return book.lines();
    }

    @Deactivate
    void deactivate() {
        listener.unregister();
    }
}

package dev.sluice.admin.console;

import dev.sluice.conf.OneFile;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes instances of configurations that there is one of. Files that would make some aren't read, and the console makes none;
 * a bundle may. Declarative Services would build the component of it, of two another one, and not look at the file any more.
 *
 * <p>Synchronous, so before Declarative Services hears of it, which finds nothing then. Has no state; safe for use by many
 * threads.
 */
@Component(
        service = SynchronousConfigurationListener.class,
        immediate = true,
        configurationPolicy = ConfigurationPolicy.IGNORE)
public final class NoInstances implements SynchronousConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(NoInstances.class);

    /** With a vertical line a PID is for one bundle alone. */
    private static final String INSTANCES = OneFile.PIDS.stream()
            .sorted()
            .flatMap(pid -> Stream.of(pid, pid + "|*"))
            .map(pid -> "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + pid + ")")
            .collect(Collectors.joining("", "(|", ")"));

    private final ConfigurationAdmin configurations;
    private final Consumer<String> errors;

    /**
     * Deletes what there is, and what comes.
     *
     * @param configurations where they are made
     */
    @Activate
    public NoInstances(@Reference ConfigurationAdmin configurations) {
        this(configurations, LOG::error);
    }

    /** @param errors where it's said what was deleted */
    NoInstances(ConfigurationAdmin configurations, Consumer<String> errors) {
        this.configurations = configurations;
        this.errors = errors;
        deleteAll();
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        if (event.getType() == ConfigurationEvent.CM_UPDATED && event.getFactoryPid() != null) {
            deleteAll();
        }
    }

    private void deleteAll() {
        try {
            Configuration[] instances = configurations.listConfigurations(INSTANCES);
            for (Configuration instance : instances == null ? new Configuration[0] : instances) {
                delete(instance);
            }
        } catch (IOException | InvalidSyntaxException e) {
            LOG.error("It can't be looked for instances of configurations that there is one of", e);
        }
    }

    private void delete(Configuration instance) throws IOException {
        try {
            String pid = instance.getPid();
            String right = instance.getFactoryPid().split("\\|")[0];
            instance.delete();
            errors.accept("A bundle has made the configuration " + pid + ", an instance of " + right
                    + ", of which there is one, and not several: it was deleted. Write what is to count into conf/"
                    + right
                    + ".cfg");
        } catch (IllegalStateException e) {
            // Another thread was faster.
            LOG.debug("an instance has gone by itself", e);
        }
    }
}

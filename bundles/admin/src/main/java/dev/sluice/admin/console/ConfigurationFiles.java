package dev.sluice.admin.console;

import java.io.IOException;
import java.lang.reflect.Array;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Optional;
import org.apache.felix.webconsole.spi.ConfigurationHandler;
import org.apache.felix.webconsole.spi.ValidationException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what is edited in the console back to the file in {@code conf/}: else the edit would rule until the next start, when
 * the file would undo it.
 *
 * <p>File Install could do that too, but it writes when it hears of a change of the configuration, whoever made it, and it
 * hears of it late: after a component that the configuration changed has drained. By then the file may have been edited
 * again, and the newer edit would be lost. So only the console's edits are written, before they take effect, and only if the
 * file still says what the console knows.
 *
 * <p>File Install knows the file by a property of the configuration, and the console's page drops every property that its
 * form doesn't have. What a handler filters the page neither shows nor drops.
 */
@Component(service = ConfigurationHandler.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ConfigurationFiles implements ConfigurationHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);
    private static final String FILE = "felix.fileinstall.filename";
    private static final String BY_CONTAINER = "(service|component)\\..*|felix\\.fileinstall\\..*";

    private final ConfigurationAdmin configurations;
    private final BundleContext context;

    /**
     * Looks after the configurations that came from a file.
     *
     * @param configurations where they are
     * @param context what knows the framework's properties, which files may refer to
     */
    @Activate
    public ConfigurationFiles(@Reference ConfigurationAdmin configurations, BundleContext context) {
        this.configurations = configurations;
        this.context = context;
    }

    @Override
    public void filterProperties(String factoryPid, String pid, Collection<String> propertyNames) {
        propertyNames.remove(FILE);
    }

    /** Writes an edit to its file; if that can't be, there is no edit. One at a time: the second sees the first's file. */
    @Override
    public synchronized void updateConfiguration(String factoryPid, String pid, Dictionary<String, Object> props)
            throws ValidationException, IOException {
        // Which file it is no form decides; the console puts back the one that it was.
        props.remove(FILE);
        Optional<Dictionary<String, Object>> current = current(pid);
        if (current.filter(ConfigurationFiles::isPlainFile).isPresent()) {
            keepPlain(props);
        }
        Optional<ConfigurationFile> file = current.flatMap(this::file);
        if (file.isPresent()) {
            requireTakenUp(file.get(), current.get());
            change(file.get(), one -> one.write(props));
        }
    }

    @Override
    public synchronized void deleteConfiguration(String factoryPid, String pid)
            throws ValidationException, IOException {
        Optional<Dictionary<String, Object>> current = current(pid);
        Optional<ConfigurationFile> file = current.flatMap(this::file);
        if (file.isPresent()) {
            requireTakenUp(file.get(), current.get());
            change(file.get(), one -> Files.delete(one.path()));
        }
    }

    /** {@return the file that a configuration came from; empty if it came from none, or the file has gone} */
    private Optional<ConfigurationFile> file(Dictionary<String, Object> properties) {
        return Optional.ofNullable(properties.get(FILE))
                .map(uri -> Path.of(URI.create(uri.toString())))
                .filter(Files::isRegularFile)
                .map(path -> new ConfigurationFile(path, context));
    }

    private static void requireTakenUp(ConfigurationFile file, Dictionary<String, Object> current)
            throws ValidationException {
        if (!says(file, current)) {
            throw new ValidationException(
                    file.path() + " says something else than what is in force: it has been edited,"
                            + " and that hasn't been taken up yet. Load the page again in a few seconds, and edit what it shows"
                            + " then.");
        }
    }

    private static boolean says(ConfigurationFile file, Dictionary<String, Object> current) throws ValidationException {
        try {
            return file.says(current);
        } catch (IOException e) {
            LOG.warn("{} can't be read, so the edit in the console was refused", file.path(), e);
            throw new ValidationException(
                    file.path() + " can't be read (" + e + "), so nothing was changed. Look at its permissions.");
        }
    }

    @FunctionalInterface
    private interface FileChange {
        void apply(ConfigurationFile file) throws IOException, ValidationException;
    }

    private static void change(ConfigurationFile file, FileChange change) throws ValidationException {
        try {
            change.apply(file);
        } catch (IOException e) {
            LOG.warn("{} can't be written, so the edit in the console was refused", file.path(), e);
            throw new ValidationException(file.path() + " can't be written (" + e
                    + "), so nothing was changed. Look at the permissions and at the free space of its folder.");
        }
    }

    /**
     * Keeps a file with plain texts one with plain texts: a single number would have every value written with quotes and
     * types, which nobody should have to go on by hand.
     */
    private static void keepPlain(Dictionary<String, Object> props) {
        for (String name : Collections.list(props.keys())) {
            Object value = props.get(name);
            int size = size(value);
            if (size == 0) {
                props.remove(name);
            } else if (size == 1) {
                props.put(name, String.valueOf(single(value)));
            }
            // Of several values a plain text would make one: they stay as they are, and the file gets types.
        }
    }

    private Optional<Dictionary<String, Object>> current(String pid) throws IOException {
        try {
            Configuration[] found = configurations.listConfigurations("(service.pid=" + pid + ")");
            return found == null ? Optional.empty() : Optional.ofNullable(found[0].getProperties());
        } catch (InvalidSyntaxException e) {
            return Optional.empty(); // the placeholder of a configuration that is yet to be made
        }
    }

    private static boolean isPlainFile(Dictionary<String, Object> properties) {
        return properties.get(FILE) != null
                && Collections.list(properties.keys()).stream()
                        .filter(name -> !name.matches(BY_CONTAINER))
                        .allMatch(name -> properties.get(name) instanceof String);
    }

    private static int size(Object value) {
        if (value instanceof Collection<?> several) {
            return several.size();
        }
        return value.getClass().isArray() ? Array.getLength(value) : 1;
    }

    private static Object single(Object value) {
        if (value instanceof Collection<?> several) {
            return List.copyOf(several).get(0);
        }
        return value.getClass().isArray() ? Array.get(value, 0) : value;
    }

    @Override
    public void createConfiguration(String pid) {}

    @Override
    public void createFactoryConfiguration(String factoryPid, String name) {}
}

package dev.sluice.admin.console;

import java.io.IOException;
import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Collections;
import java.util.Dictionary;
import java.util.List;
import java.util.Optional;
import org.apache.felix.webconsole.spi.ConfigurationHandler;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/**
 * Lets File Install write what is edited in the console back to the file in {@code conf/}.
 *
 * <p>File Install knows the file by a property of the configuration, and the console's page drops every property that its
 * form doesn't have: then the edit would rule until the next start, when the file would undo it. What a handler filters the
 * page neither shows nor drops.
 */
@Component(service = ConfigurationHandler.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class ConfigurationFiles implements ConfigurationHandler {

    private static final String FILE = "felix.fileinstall.filename";
    private static final String BY_CONTAINER = "(service|component)\\..*|felix\\.fileinstall\\..*";

    private final ConfigurationAdmin configurations;

    /**
     * Looks after the configurations that came from a file.
     *
     * @param configurations where they are
     */
    @Activate
    public ConfigurationFiles(@Reference ConfigurationAdmin configurations) {
        this.configurations = configurations;
    }

    @Override
    public void filterProperties(String factoryPid, String pid, Collection<String> propertyNames) {
        propertyNames.remove(FILE);
    }

    /**
     * Keeps a file with plain texts one with plain texts: a single number would make File Install write every value with
     * quotes and types, which nobody should have to go on by hand.
     */
    @Override
    public void updateConfiguration(String factoryPid, String pid, Dictionary<String, Object> props)
            throws IOException {
        // Which file it is no form decides; the console puts back the one that it was.
        props.remove(FILE);
        if (current(pid).filter(ConfigurationFiles::isPlainFile).isEmpty()) {
            return;
        }
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

    @Override
    public void deleteConfiguration(String factoryPid, String pid) {}
}

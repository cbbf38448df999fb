package dev.sluice.chain.track;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;

/** A ConfigurationAdmin with overrides, or traffic rules, as File Install would make them from files. It tells of changes at once. */
final class OverrideFixture {

    static final String OVERRIDES = "dev.sluice.middleware";
    static final String TRAFFIC = "dev.sluice.traffic";

    private final String factory;
    private final Map<String, Hashtable<String, Object>> configurations = new ConcurrentHashMap<>();
    private final BundleContext context;
    private final ServiceRegistration<ConfigurationAdmin> registration;

    /** Whether its disk fails. */
    volatile boolean fails;

    /** A file whose configuration is still listed, but goes before it can be read. */
    volatile String goes = "";

    final ConfigurationAdmin admin = (ConfigurationAdmin) Proxy.newProxyInstance(
            OverrideFixture.class.getClassLoader(),
            new Class<?>[] {ConfigurationAdmin.class},
            (proxy, called, given) -> switch (called.getName()) {
                case "listConfigurations" -> list((String) given[0]);
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == given[0];
                default -> throw new UnsupportedOperationException(called.getName());
            });

    OverrideFixture(BundleContext context) {
        this(context, OVERRIDES);
    }

    OverrideFixture(BundleContext context, String factory) {
        this.factory = factory;
        this.context = context;
        this.registration = context.registerService(ConfigurationAdmin.class, admin, new Hashtable<>());
    }

    /** Writes the file {@code conf/<factory>-<file>.cfg}, of these keys and values. */
    void write(String file, String... keys) {
        keep(file, keys);
        tell(file, ConfigurationEvent.CM_UPDATED);
    }

    /** The same, without a word to anybody. */
    void keep(String file, String... keys) {
        configurations.put(pid(file), properties(factory, file, keys));
    }

    void delete(String file) {
        lose(file);
        tell(file, ConfigurationEvent.CM_DELETED);
    }

    /** The same, without a word to anybody. */
    void lose(String file) {
        configurations.remove(pid(file));
    }

    static Hashtable<String, Object> properties(String file, String... keys) {
        return properties(OVERRIDES, file, keys);
    }

    private static Hashtable<String, Object> properties(String factory, String file, String[] keys) {
        Hashtable<String, Object> properties = new Hashtable<>(Map.of(
                "service.pid",
                factory + "~" + file,
                "service.factoryPid",
                factory,
                "felix.fileinstall.filename",
                "file:/conf/" + factory + "-" + file + ".cfg"));
        for (int i = 0; i < keys.length; i += 2) {
            properties.put(keys[i], keys[i + 1]);
        }
        return properties;
    }

    private String pid(String file) {
        return factory + "~" + file;
    }

    private Configuration[] list(String filter) throws IOException, InvalidSyntaxException {
        if (fails) {
            throw new IOException("the disk is gone");
        }
        Configuration[] found = configurations.values().stream()
                .filter(matches(filter)::matches)
                .map(this::configuration)
                .toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    private org.osgi.framework.Filter matches(String filter) throws InvalidSyntaxException {
        return context.createFilter(filter);
    }

    private Configuration configuration(Hashtable<String, Object> properties) {
        return (Configuration) Proxy.newProxyInstance(
                OverrideFixture.class.getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, called, given) -> switch (called.getName()) {
                    case "getPid" -> properties.get("service.pid");
                    case "getProperties" -> {
                        if (properties.get("service.pid").equals(pid(goes))) {
                            throw new IllegalStateException("Configuration has been deleted");
                        }
                        yield new Hashtable<>(properties);
                    }
                    default -> throw new UnsupportedOperationException(called.getName());
                });
    }

    /** Tells of the state that a file has now. */
    void tell(String file, int type) {
        ConfigurationEvent event = new ConfigurationEvent(registration.getReference(), type, factory, pid(file));
        try {
            for (ServiceReference<ConfigurationListener> listener :
                    context.getServiceReferences(ConfigurationListener.class, null)) {
                context.getService(listener).configurationEvent(event);
            }
        } catch (InvalidSyntaxException e) {
            throw new AssertionError(e);
        }
    }
}

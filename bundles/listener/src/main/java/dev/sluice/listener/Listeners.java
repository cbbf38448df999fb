package dev.sluice.listener;

import dev.sluice.chain.ChainControl;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.condition.Condition;

/**
 * Opens the two listeners: the admin listener at once, the data listener when the chain admits requests.
 *
 * <p>Each is a Jetty of its own, made by a factory configuration of Felix HTTP; nothing here holds it open. So neither
 * closes when this bundle or the chain's is stopped: what then comes in on the data listener, the {@link Gate} answers.
 */
@Component(service = Listeners.class, immediate = true, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class Listeners {

    static final String DATA = "sluice-data";
    static final String ADMIN = "sluice-admin";

    private static final String FACTORY_PID = "org.apache.felix.http";
    /** Which life of the framework made a configuration: ConfigurationAdmin keeps it beyond that life. */
    private static final String MADE_BY = "dev.sluice.framework.uuid";

    private final ConfigurationAdmin configurations;
    private final BundleContext context;

    /**
     * Opens the admin listener, and takes away a data listener that was left by an earlier life of the framework: it would
     * open before the chain does.
     *
     * @param configurations where listeners are configured
     * @param context this bundle's context, for the framework properties
     */
    @Activate
    public Listeners(@Reference ConfigurationAdmin configurations, BundleContext context) throws IOException {
        this.configurations = configurations;
        this.context = context;
        Configuration data = configuration(DATA);
        Dictionary<String, Object> left = data.getProperties();
        if (left == null || !uuid().equals(left.get(MADE_BY))) {
            data.delete();
        }
        open(ADMIN, "sluice.admin.host", "127.0.0.1", "sluice.admin.port", "8081");
    }

    /** Opens the data listener. The chain being open again after it was away changes nothing. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = "(" + Condition.CONDITION_ID + "=" + ChainControl.OPEN_CONDITION + ")")
    void bindOpen(Condition open) throws IOException {
        open(DATA, "sluice.host", "0.0.0.0", "sluice.port", "8080");
    }

    /**
     * The chain admits no more requests. If only its bundle has gone, the listener stays: closing it would refuse connections
     * where the gate answers 503 with {@code Retry-After}. If the container stops, every request has been answered.
     */
    void unbindOpen(Condition open) throws InvalidSyntaxException {
        if (context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() != Bundle.STOPPING) {
            return;
        }
        for (ServiceReference<Runnable> closing :
                context.getServiceReferences(Runnable.class, GateKeeper.CLOSES_DATA)) {
            context.getService(closing).run();
        }
    }

    private void open(String name, String hostKey, String hostDefault, String portKey, String portDefault)
            throws IOException {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(MADE_BY, uuid());
        properties.put("org.apache.felix.http.name", name);
        properties.put("org.apache.felix.http.host", property(hostKey, hostDefault));
        properties.put("org.osgi.service.http.port", property(portKey, portDefault));
        // What passes through the chain leaves as the servlet wrote it: compressing is a middleware's decision.
        properties.put("org.apache.felix.jetty.gziphandler.enable", false);
        properties.put("org.apache.felix.http.jetty.sendServerHeader", false);
        properties.put("org.apache.felix.http.jetty.virtualthreads.enable", hasVirtualThreads());
        // With virtual threads the same number would bound them, too.
        if (name.equals(DATA) && !hasVirtualThreads()) {
            properties.put(
                    "org.apache.felix.http.jetty.threadpool.max", Integer.valueOf(property("sluice.threads", "200")));
        }
        configuration(name).updateIfDifferent(properties);
    }

    private Configuration configuration(String name) throws IOException {
        return configurations.getFactoryConfiguration(FACTORY_PID, name, "?");
    }

    private String uuid() {
        return property(Constants.FRAMEWORK_UUID, "");
    }

    private String property(String key, String otherwise) {
        String value = context.getProperty(key);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /** Whether the JVM has virtual threads for good; before Java 21 they were a preview that needs a flag. */
    private static boolean hasVirtualThreads() {
        return Runtime.version().feature() >= 21;
    }
}

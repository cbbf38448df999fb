package dev.sluice.container;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;

/**
 * Waits for both listeners to be open. Each shows by a service of Felix HTTP, registered once its port is bound; the
 * service is never taken, only its properties are read, as its classes are none of the launcher's.
 */
final class Listeners implements ServiceListener {

    /** The two listeners, by the name that the listener's bundle gives them. */
    enum Which {
        DATA("sluice-data", "data"),
        ADMIN("sluice-admin", "admin");

        private final String name;
        private final String label;

        Which(String name, String label) {
            this.name = name;
            this.label = label;
        }

        /** {@return the word for it in messages} */
        String label() {
            return label;
        }
    }

    private static final String RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final String NAME = "org.apache.felix.http.name";
    private static final String PORT = "org.osgi.service.http.port";

    private final Map<Which, CompletableFuture<Integer>> ports = new EnumMap<>(Which.class);

    private Listeners() {
        for (Which which : Which.values()) {
            ports.put(which, new CompletableFuture<>());
        }
    }

    /** {@return what waits for the listeners; to be made before the bundles start} */
    static Listeners of(BundleContext context) {
        Listeners listeners = new Listeners();
        try {
            context.addServiceListener(listeners, "(objectClass=" + RUNTIME + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("A constant filter is right or wrong for ever", e);
        }
        return listeners;
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        // The port may be among the properties at once or come with a modification: either will do.
        if (event.getType() == ServiceEvent.REGISTERED || event.getType() == ServiceEvent.MODIFIED) {
            ServiceReference<?> runtime = event.getServiceReference();
            for (Which which : Which.values()) {
                if (which.name.equals(runtime.getProperty(NAME)) && runtime.getProperty(PORT) != null) {
                    ports.get(which)
                            .complete(Integer.valueOf(runtime.getProperty(PORT).toString()));
                }
            }
        }
    }

    /** {@return the port that the listener is bound to; waits for it} */
    int port(Which which) {
        return ports.get(which).join();
    }

    /** {@return the listeners that don't become open within the time; none as soon as all are} */
    List<Which> awaited(long time, TimeUnit unit) throws InterruptedException {
        try {
            CompletableFuture.allOf(ports.values().toArray(CompletableFuture<?>[]::new))
                    .get(time, unit);
        } catch (TimeoutException e) {
            return Stream.of(Which.values())
                    .filter(which -> !ports.get(which).isDone())
                    .toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A port is completed with a number only", e);
        }
        return List.of();
    }
}

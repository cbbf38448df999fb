package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;

/**
 * What the framework has of a bundle on behalf of others: listeners and services that were added through another bundle's context,
 * which the framework takes away when that other bundle stops, and objects in the properties of others' services. Read from Felix'
 * own registries; nothing is cleaned up, as it is the other bundle's to take away.
 */
public final class FrameworkLeftovers implements Search {

    private static final String REMEDY = "use your own bundle's context, or take it away when you stop";

    private final Supplier<Optional<Object>> framework;

    /** Made for the list of searches. */
    public FrameworkLeftovers() {
        this(FrameworkLeftovers::running);
    }

    FrameworkLeftovers(Supplier<Optional<Object>> framework) {
        this.framework = framework;
    }

    @Override
    public String name() {
        return "framework";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        Object felix = framework.get().orElse(null);
        if (felix == null || !felix.getClass().getName().equals("org.apache.felix.framework.Felix")) {
            look.unseen(name() + ": listeners and services are looked for in Felix alone");
            return look.end();
        }
        Object dispatcher = look.get(felix.getClass(), "m_dispatcher", felix);
        if (dispatcher != null) {
            for (String kind : List.of("m_fwkListeners", "m_bndlListeners", "m_syncBndlListeners", "m_svcListeners")) {
                // Copied when it changes
                if (look.get(dispatcher.getClass(), kind, dispatcher) instanceof Map<?, ?> map) {
                    map.forEach((context, listeners) ->
                            listeners(look, (BundleContext) context, (Collection<?>) listeners));
                }
            }
        }
        Object registry = look.get(felix.getClass(), "m_registry", felix);
        if (registry != null && look.get(registry.getClass(), "m_regsMap", registry) instanceof Map<?, ?> map) {
            map.forEach((bundle, services) -> services(look, (Bundle) bundle, (List<?>) services));
        }
        return look.end();
    }

    private static void listeners(Look look, BundleContext context, Collection<?> listeners) {
        for (Object info : listeners) {
            Object listener = look.get(info.getClass(), "m_listener", info);
            if (look.owns(listener)) {
                Bundle owner = (Bundle) look.get(info.getClass(), "m_bundle", info);
                look.found(
                        Kind.FRAMEWORK,
                        "listener " + Wording.type(listener) + " in the context of " + name(owner),
                        REMEDY);
            }
        }
    }

    private static void services(Look look, Bundle bundle, List<?> services) {
        Object[] registrations;
        synchronized (services) {
            registrations = services.toArray();
        }
        for (Object registration : registrations) {
            Class<?> type = registration.getClass();
            Object service = look.get(type, "m_svcObj", registration);
            if (look.owns(service)) {
                look.found(
                        Kind.FRAMEWORK,
                        "service " + Wording.type(service) + " in the context of " + name(bundle),
                        REMEDY);
            }
            if (look.get(type, "m_propMap", registration) instanceof Map<?, ?> properties) {
                properties.forEach((key, value) -> {
                    if (look.owns(value)) {
                        look.found(
                                Kind.FRAMEWORK,
                                "property \"" + key + "\" of a service of " + name(bundle) + " is "
                                        + Wording.aType(value),
                                "keep to texts and numbers in what others put in service properties");
                    }
                });
            }
        }
    }

    private static String name(Bundle bundle) {
        return bundle == null ? "a bundle that is gone" : bundle.getSymbolicName() + " [" + bundle.getBundleId() + ']';
    }

    private static Optional<Object> running() {
        return Optional.ofNullable(FrameworkUtil.getBundle(FrameworkLeftovers.class))
                .map(Bundle::getBundleContext)
                .map(context -> context.getBundle(0));
    }
}

package dev.sluice.chain.track;

import dev.sluice.chain.ProbeResult.Reason;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.snapshot.UnitVersion;
import dev.sluice.middleware.Middleware;
import jakarta.servlet.Filter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One registered middleware service, from its registration until it is unregistered.
 *
 * <p>Thread-safe. {@link #provider()} gets the service once, and may hang in the bundle's code; nothing else waits for it.
 * {@link #release()} gives the service back once: if it is being got at that moment, whoever gets it gives it back.
 */
final class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final BundleContext context;
    private final ServiceReference<Object> reference;
    private final Bundle bundle;

    private final AtomicBoolean givenBack = new AtomicBoolean();
    private volatile Provider provider;
    private volatile boolean released;

    Registration(BundleContext context, ServiceReference<Object> reference) {
        this.context = context;
        this.reference = reference;
        this.bundle = reference.getBundle();
    }

    Bundle bundle() {
        return bundle;
    }

    long bundleId() {
        return bundle.getBundleId();
    }

    String symbolicName() {
        return Description.symbolicName(bundle);
    }

    UnitVersion version() {
        return version(bundle.getVersion());
    }

    static UnitVersion version(Version version) {
        return new UnitVersion(version.getMajor(), version.getMinor(), version.getMicro(), version.getQualifier());
    }

    String name() {
        return Description.name(reference, bundle);
    }

    boolean isNamed() {
        return Description.isNamed(reference);
    }

    /** {@return the unit, once the service was had} */
    Optional<Unit> unit() {
        return Optional.ofNullable(provider).map(Provider::unit);
    }

    /** {@return the unit and its place, once the service was had} */
    Optional<Provider> had() {
        return Optional.ofNullable(provider);
    }

    /**
     * {@return whether it can serve: its bundle isn't about to stop} A bundle's state changes before those who drain it are
     * told of it. So who finds it here still active, and publishes, is found by them.
     */
    boolean isLive() {
        return reference.getBundle() != null && (bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) != 0;
    }

    /**
     * Reads the service's properties anew. Its name stays: another name would be another middleware.
     *
     * @return the unit with its new place; empty if the service wasn't had yet
     * @throws Description.Unusable if they can't be used; then all stays as it was
     */
    Optional<Provider> redescribed() throws Description.Unusable {
        Description now = Description.of(reference, bundle);
        Provider had = provider;
        if (had == null) {
            return Optional.empty();
        }
        if (!now.name().equals(had.unit().name())) {
            throw new Description.Unusable(
                    Reason.BAD_NAME,
                    "\"" + had.unit().name() + "\" can't become \"" + now.name()
                            + "\": unregister the service, and register" + " another");
        }
        provider = new Provider(had.unit(), now.spec());
        return had();
    }

    /**
     * Gets the service and makes the unit, once. Runs code of the bundle.
     *
     * @return the unit and its place
     * @throws Description.Unusable if it can't be had
     */
    synchronized Provider provider() throws Description.Unusable {
        if (provider == null && !released) {
            Description description = Description.of(reference, bundle);
            ClassLoader loader = loader();
            Middleware middleware = middleware(description.name(), get(), loader);
            provider = new Provider(
                    new Unit(description.name(), version(), symbolicName(), bundleId(), middleware, loader),
                    description.spec());
        }
        Provider made = provider;
        // Read after the provider was written, as release() reads the provider after it has written this.
        if (released) {
            giveBack();
            throw unavailable("the bundle has unregistered it");
        }
        return made;
    }

    private ClassLoader loader() throws Description.Unusable {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null || wiring.getClassLoader() == null) {
            throw unavailable("its bundle is gone");
        }
        return wiring.getClassLoader();
    }

    private Object get() throws Description.Unusable {
        Object got;
        try {
            got = context.getService(reference);
        } catch (RuntimeException | Error e) {
            // As text: the exception's classes are the bundle's, and would keep its class loader.
            throw unavailable(e.toString());
        }
        if (got == null) {
            throw unavailable("its component or service factory failed (the log has more)");
        }
        return got;
    }

    private Description.Unusable unavailable(String why) {
        return new Description.Unusable(
                Reason.SERVICE_UNAVAILABLE, "the service of \"" + name() + "\" can't be had: " + why);
    }

    private Middleware middleware(String name, Object got, ClassLoader loader) throws Description.Unusable {
        if (got instanceof Middleware middleware) {
            return middleware;
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return FilterMiddleware.init((Filter) got, name, texts());
        } catch (Exception | Error e) {
            unget();
            throw new Description.Unusable(Reason.INIT_FAILED, "the filter's init failed: " + e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            texts.put(key, String.valueOf(reference.getProperty(key)));
        }
        return texts;
    }

    /** Destroys a filter and lets the service go; to be called after the drain. Does nothing the second time. */
    void release() {
        released = true;
        giveBack();
    }

    private void giveBack() {
        Provider had = provider;
        if (had == null || !givenBack.compareAndSet(false, true)) {
            return;
        }
        if (had.unit().middleware() instanceof FilterMiddleware filter) {
            destroy(filter, had.unit().loader());
        }
        unget();
        provider = null;
    }

    private void destroy(FilterMiddleware filter, ClassLoader loader) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            filter.destroy();
        } catch (RuntimeException | Error e) {
            LOG.warn("the destroy method of filter \"{}\" (bundle {}) failed: {}", name(), bundleId(), e.toString());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private void unget() {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            LOG.debug("the chain's bundle stops, and gives its services back by that");
        }
    }

    @Override
    public String toString() {
        return name() + " " + version() + " (" + symbolicName() + ", bundle " + bundleId() + ")";
    }
}

package dev.sluice.unload.witness;

import java.lang.reflect.Field;
import java.util.Optional;
import org.osgi.framework.wiring.BundleWiring;

/**
 * The class loader of a wiring, if it has one. {@link BundleWiring#getClassLoader()} would make one, for a bundle of which no class
 * was ever loaded: one that nobody needs, at the very moment when the bundle goes.
 */
final class Loaders {

    private static final String FIELD = "m_classLoader";

    private Loaders() {}

    /** {@return the class loader; empty if there is none, or never was} */
    static Optional<ClassLoader> of(BundleWiring wiring) {
        try {
            Field field = wiring.getClass().getDeclaredField(FIELD);
            field.setAccessible(true);
            return Optional.ofNullable((ClassLoader) field.get(wiring));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Another framework, or one that is closed to us: then one may be made.
            return Optional.ofNullable(wiring.getClassLoader());
        }
    }
}

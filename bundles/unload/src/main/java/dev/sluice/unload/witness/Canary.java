package dev.sluice.unload.witness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

/**
 * A class loader that nobody uses. Let go after a bundle's class loader was, it shows that a collection came by that takes class
 * loaders. It has a class, as a class loader without one is collected by any collection of young objects, and one with a class
 * only by those that unload classes.
 */
final class Canary extends ClassLoader {

    private static final String NAME = Feather.class.getName();

    private static final byte[] FEATHER = feather();

    /** Has no parent: it must hold nothing, and nobody may find anything through it. */
    Canary() {
        super(null);
        defineClass(NAME, FEATHER, 0, FEATHER.length);
    }

    /** {@return hears when a canary that was let go is collected} */
    WeakReference<Canary> watch(ReferenceQueue<Object> queue) {
        return new WeakReference<>(this, queue);
    }

    private static byte[] feather() {
        try (InputStream bytes = Feather.class.getResourceAsStream("Feather.class")) {
            return bytes.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("this bundle's own JAR can't be read", e);
        }
    }
}

package dev.sluice.benchmark.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Defines one class anew, as the class loader of a bundle of its own would. So fifty of them are fifty classes, and what calls
 * them all is as megamorphic as in a container.
 */
public final class OwnLoader extends ClassLoader {

    private final String own;

    private OwnLoader(Class<?> template) {
        super(template.getClassLoader());
        this.own = template.getName();
    }

    /**
     * Makes instances of as many classes.
     *
     * @param type what they are used as
     * @param template the class to define anew for each; public, with a public constructor that takes nothing
     * @param count how many
     * @return one instance of each
     */
    public static <T> List<T> instances(Class<T> type, Class<? extends T> template, int count) {
        List<T> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                Class<?> distinct = new OwnLoader(template).loadClass(template.getName());
                made.add(type.cast(distinct.getConstructor().newInstance()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalArgumentException(template + " is not public, or has no public constructor", e);
            }
        }
        return made;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.equals(own)) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;

/**
 * Caches of the JDK's that hold a class loader: values of a {@link ClassValue} of the bundle's computed for classes of the JDK, and
 * resource bundles, softly, and what is remembered of beans. A {@link ClassValue} of others, with values for classes of the bundle's, holds nothing: the values sit in
 * those classes.
 */
public final class Caches implements Search {

    /** Whose class values are looked at: the JVM has no list of its classes, and these are what values are computed for. */
    private static final List<Class<?>> COMMON = List.of(
            Object.class,
            String.class,
            CharSequence.class,
            Comparable.class,
            Number.class,
            Integer.class,
            Long.class,
            Short.class,
            Byte.class,
            Double.class,
            Float.class,
            Boolean.class,
            Character.class,
            int.class,
            long.class,
            short.class,
            byte.class,
            double.class,
            float.class,
            boolean.class,
            char.class,
            void.class,
            Void.class,
            Class.class,
            Enum.class,
            Record.class,
            Runnable.class,
            Iterable.class,
            Throwable.class,
            Exception.class,
            RuntimeException.class,
            Error.class,
            byte[].class,
            char[].class,
            int[].class,
            String[].class,
            Object[].class,
            java.util.Collection.class,
            java.util.List.class,
            java.util.Set.class,
            java.util.Map.class,
            java.util.ArrayList.class,
            java.util.LinkedHashMap.class,
            java.util.HashMap.class,
            java.util.HashSet.class,
            java.util.Optional.class,
            java.util.UUID.class,
            java.util.Date.class,
            java.util.Locale.class,
            java.net.URI.class,
            java.net.URL.class,
            java.math.BigDecimal.class,
            java.math.BigInteger.class,
            java.time.Instant.class,
            java.time.Duration.class,
            java.time.LocalDate.class,
            java.time.LocalDateTime.class,
            java.time.ZonedDateTime.class,
            java.nio.file.Path.class,
            java.io.File.class,
            java.io.InputStream.class);

    /** Made for the list of searches. */
    public Caches() {}

    @Override
    public String name() {
        return "caches";
    }

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Look look = new Look(name(), suspect);
        for (Class<?> type : COMMON) {
            if (look.get(Class.class, "classValueMap", type) instanceof Map<?, ?> map) {
                List<Object> entries = new ArrayList<>();
                // The lock of whoever changes it
                synchronized (map) {
                    entries.addAll(map.values());
                }
                entries.forEach(entry -> value(look, type, entry));
            }
        }
        resourceBundles(look);
        BeanCaches.search(look);
        SerialCaches.empty(look);
        return look.end();
    }

    private static void value(Look look, Class<?> type, Object entry) {
        // On 25 there are also entries of other kinds, while a value is computed.
        if (!entry.getClass().getName().equals("java.lang.ClassValue$Entry")) {
            return;
        }
        Object value = look.get(entry.getClass(), "value", entry);
        Object classValue = look.call(entry.getClass(), "classValueOrNull", entry);
        if (!look.owns(value)) {
            return;
        }
        String what = "a ClassValue's value for " + type.getTypeName() + ", " + Wording.aType(value);
        String remedy =
                "call ClassValue.remove for every class when you stop, or compute values of the JDK's classes alone";
        if (!(classValue instanceof ClassValue<?> computing)) {
            look.found(Kind.CLASS_VALUE, what, remedy);
            return;
        }
        look.found(Kind.CLASS_VALUE, what, remedy, () -> {
            remove(computing, type);
            return "removed " + what;
        });
    }

    /** Removes with the JDK's own method: the bundle may have overridden it. */
    private static void remove(ClassValue<?> classValue, Class<?> type) throws Exception {
        MethodHandle remove = MethodHandles.privateLookupIn(ClassValue.class, MethodHandles.lookup())
                .findSpecial(
                        ClassValue.class, "remove", MethodType.methodType(void.class, Class.class), ClassValue.class);
        try {
            remove.invoke(classValue, type);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void resourceBundles(Look look) {
        if (!(look.get(ResourceBundle.class, "cacheList", null) instanceof Map<?, ?> cache)) {
            return;
        }
        long cached = cache.keySet().stream()
                .filter(key -> look.call(key.getClass(), "getModule", key) instanceof Module module
                        && module.getClassLoader() == look.loader())
                .count();
        if (cached > 0) {
            ClassLoader loader = look.loader();
            look.found(
                    Kind.CACHE,
                    cached + " resource bundles in the JVM's cache, which holds them softly",
                    "call ResourceBundle.clearCache with your class loader when you stop",
                    () -> {
                        ResourceBundle.clearCache(loader);
                        return "cleared " + cached + " resource bundles from the JVM's cache";
                    });
        }
    }
}

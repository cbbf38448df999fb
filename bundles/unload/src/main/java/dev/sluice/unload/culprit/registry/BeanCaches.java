package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import java.lang.reflect.Executable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the JDK remembers of classes that somebody had looked at as beans. It does so softly: the class loader goes when memory runs
 * short, which may be never. The bean information that a class gives itself may even be strong: its key is weak, but the value leads
 * to it. Both would have the verdict be a leak, so they are found and taken away, class by class: to flush all would have other
 * bundles' beans be looked at anew.
 *
 * <p>The JDK's own methods aren't enough: {@code Introspector.flushFromCaches} knows the caches of the calling thread's group alone.
 */
final class BeanCaches {

    private static final String REMEDY =
            "call Introspector.flushFromCaches for your beans' classes when you stop, or Introspector.flushCaches";

    private final Look look;

    /** The classes, or what else is a key in these caches. */
    private final Set<Object> beans = new HashSet<>();

    private final List<Runnable> forgetting = new ArrayList<>();

    private BeanCaches(Look look) {
        this.look = look;
    }

    /** Looks, if the JVM has beans at all. */
    static void search(Look look) {
        if (Look.has("java.desktop")) {
            new BeanCaches(look).search();
        }
    }

    private void search() {
        information();
        // Of classes, of methods and of constructors
        cache("com.sun.beans.introspect.ClassInfo");
        cache("com.sun.beans.finder.MethodFinder");
        cache("com.sun.beans.finder.ConstructorFinder");
        if (!beans.isEmpty()) {
            String what = "what the JVM remembers of " + beans.size() + (beans.size() == 1 ? " bean" : " beans");
            look.found(Kind.CACHE, what + ", softly at least", REMEDY, () -> {
                forgetting.forEach(Runnable::run);
                return "removed " + what + ", which was left there";
            });
        }
    }

    /** The information of each group of threads. */
    private void information() {
        Class<?> context = look.type("java.beans.ThreadGroupContext");
        Object contexts = context == null ? null : look.get(context, "contexts", null);
        Class<?> table = look.type("java.beans.WeakIdentityMap");
        Object lock = contexts == null || table == null ? null : look.get(table, "NULL", null);
        if (lock == null) {
            return;
        }
        List<Object> entries;
        synchronized (lock) {
            entries = entries(look.get(table, "table", contexts));
        }
        for (Object entry : entries) {
            Object group = look.get(entry.getClass(), "value", entry);
            // The lock under which it is changed, and under which the map is made
            synchronized (group) {
                if (look.get(context, "beanInfoCache", group) instanceof Map<?, ?> map) {
                    Set<?> held = map.keySet().stream().filter(look::owns).collect(Collectors.toSet());
                    beans.addAll(held);
                    forgetting.add(() -> {
                        synchronized (group) {
                            map.keySet().removeIf(held::contains);
                        }
                    });
                }
            }
        }
    }

    private void cache(String owner) {
        Class<?> type = look.type(owner);
        Class<?> kind = look.type("com.sun.beans.util.Cache");
        Object cache = type == null ? null : look.get(type, "CACHE", null);
        // The lock under which it is changed
        Object lock = cache == null || kind == null ? null : look.get(kind, "queue", cache);
        if (lock == null) {
            return;
        }
        synchronized (lock) {
            for (Object entry : entries(look.get(kind, "table", cache))) {
                Object key = look.referent(look.get(entry.getClass(), "key", entry));
                Object value = look.referent(look.get(entry.getClass(), "value", entry));
                if (key != null && (look.owns(key) || value instanceof Executable made && isOf(made))) {
                    beans.add(key);
                    forgetting.add(() -> look.call(kind, "remove", cache, Object.class, key));
                }
            }
        }
    }

    private boolean isOf(Executable made) {
        return look.owns(made.getDeclaringClass())
                || Arrays.stream(made.getParameterTypes()).anyMatch(look::owns);
    }

    /** {@return the entries of a table of chains} */
    private List<Object> entries(Object table) {
        List<Object> entries = new ArrayList<>();
        if (table instanceof Object[] chains) {
            for (Object chain : chains) {
                for (Object entry = chain; entry != null; entry = look.get(entry.getClass(), "next", entry)) {
                    entries.add(entry);
                }
            }
        }
        return entries;
    }
}

package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Suspect;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * A bounded walk from an object to what it refers to, in search of something of the bundle's. Goes by fields, through arrays and
 * what packages are open, and calls no method of any object: nothing of the bundle runs, and nothing is locked. What it walks
 * through may change meanwhile: it then sees some of the earlier state and some of the later, and the next search sees the rest.
 */
final class Walk {

    /** How an object has to do with the bundle. */
    enum Tie {
        /** Not at all, as far as one could walk. */
        NONE,
        /** It leads to the bundle, and to objects of others as well: it may be others'. */
        SHARED,
        /** It is the bundle's, or made of the JDK's objects and the bundle's alone. */
        OWN
    }

    /** So many objects for each value: enough for lists and maps of ordinary size, and cheap for 10,000 values. */
    private static final int MOST = 500;

    private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

    private final Suspect suspect;
    private final Predicate<Object> leaf;
    /** Not as fields: from JDK 18 on the JVM spins a class for each field that is asked often, and keeps it. */
    private final Map<Class<?>, List<VarHandle>> fields = new IdentityHashMap<>();

    private Object reached;

    /**
     * @param suspect whose objects are looked for
     * @param leaf what isn't walked through, but for what is never: threads, class loaders, executors
     */
    Walk(Suspect suspect, Predicate<Object> leaf) {
        this.suspect = suspect;
        this.leaf = leaf;
    }

    /** {@return what of the bundle's the last walk came to; null if it was nothing} */
    Object reached() {
        return reached;
    }

    Tie from(Object root) {
        reached = null;
        if (root == null) {
            return Tie.NONE;
        }
        if (suspect.owns(root)) {
            reached = root;
            return Tie.OWN;
        }
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Object> next = new ArrayDeque<>();
        boolean others = false;
        see(root, seen, next);
        while (!next.isEmpty()) {
            Object object = next.poll();
            if (suspect.owns(object)) {
                reached = object;
            } else {
                others |= !isOfTheJdk(object.getClass());
                if (seen.size() < MOST) {
                    expand(object, seen, next);
                } else {
                    others = true;
                }
            }
            if (reached != null && others) {
                return Tie.SHARED;
            }
        }
        return reached != null ? Tie.OWN : Tie.NONE;
    }

    private static boolean isOfTheJdk(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        ClassLoader loader = element.getClassLoader();
        return loader == null || loader == PLATFORM;
    }

    private void expand(Object object, Set<Object> seen, Deque<Object> next) {
        if (object instanceof Object[] array) {
            for (int i = 0; i < array.length && seen.size() < MOST; i++) {
                see(array[i], seen, next);
            }
            return;
        }
        for (VarHandle field : fields.computeIfAbsent(object.getClass(), Walk::fields)) {
            see(field.get(object), seen, next);
        }
    }

    private void see(Object object, Set<Object> seen, Deque<Object> next) {
        if (object != null && (suspect.owns(object) || !isLeaf(object)) && seen.add(object)) {
            next.add(object);
        }
    }

    /** What would lead to everything, and what leads nowhere. */
    private boolean isLeaf(Object object) {
        return object instanceof String
                || object instanceof Number
                || object instanceof Class<?>
                || object instanceof ClassLoader
                || object instanceof Module
                || object instanceof Thread
                || object instanceof ThreadGroup
                || object instanceof ThreadLocal<?>
                || object instanceof Executor
                || leaf.test(object);
    }

    /** What a reference refers to is not held by it; what its subclasses add is. */
    private static List<VarHandle> fields(Class<?> of) {
        List<VarHandle> fields = new ArrayList<>();
        if (of.isArray()) {
            // Of primitives. There is no looking into its class.
            return fields;
        }
        for (Class<?> type = of;
                type != null && type != Object.class && type != Reference.class;
                type = type.getSuperclass()) {
            try {
                MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()
                            && !leadsToNeighbours(type, field)) {
                        fields.add(lookup.unreflectVarHandle(field));
                    }
                }
            } catch (IllegalAccessException | LinkageError | SecurityException e) {
                // Its package isn't opened, or it has a field of a type that can't be loaded: not looked into.
                continue;
            }
        }
        return fields;
    }

    /** Links from one queued task to the next have nothing to do with the task. */
    private static boolean leadsToNeighbours(Class<?> type, Field field) {
        return switch (field.getName()) {
            case "nextPending" -> type.getName().equals("java.util.concurrent.DelayScheduler$ScheduledForkJoinTask");
            case "next" -> type.getName().equals("java.util.concurrent.CompletableFuture$Completion");
            default -> false;
        };
    }
}

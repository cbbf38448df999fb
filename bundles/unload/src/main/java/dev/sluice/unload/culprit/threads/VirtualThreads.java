package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The virtual threads of this JVM, by what they were made to run. There is no list of them in the API: they are where the JVM's own
 * thread dump has them from, in thread containers. That a container has it is what keeps a parked virtual thread that nobody else
 * refers to: with {@code -Djdk.trackAllThreads=false} it is collected, and then holds nothing.
 *
 * <p>Only what a virtual thread was made to run is judged. The frames of one come with the names of their classes alone, and those
 * are the same in the next version of a bundle.
 */
final class VirtualThreads {

    private static final int MOST = 10_000;

    private final Method threads;
    private final List<Object> containers = new ArrayList<>();
    private final Field continuation;
    private final Field target;
    private final Method loaded;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if virtual threads can't be looked for
     */
    VirtualThreads(Opened opened) throws UnseenException {
        if (Runtime.version().feature() < 21) {
            this.threads = null;
            this.continuation = null;
            this.target = null;
            this.loaded = null;
            return;
        }
        Class<?> all = opened.type("jdk.internal.vm.ThreadContainers");
        Field root = opened.field(all, "ROOT_CONTAINER");
        Field registry = opened.field(all, "CONTAINER_REGISTRY");
        this.threads = opened.method(opened.type("jdk.internal.vm.ThreadContainer"), "threads");
        this.continuation = opened.field(opened.type("java.lang.VirtualThread"), "cont");
        this.target = opened.field(opened.type("jdk.internal.vm.Continuation"), "target");
        this.loaded = opened.method(ClassLoader.class, "findLoadedClass", String.class);
        containers.add(Opened.get(root, null));
        for (Object reference : (Set<?>) Opened.get(registry, null)) {
            Object container = ((Reference<?>) reference).get();
            if (container != null) {
                containers.add(container);
            }
        }
    }

    /** {@return the live ones, the first 10,000} */
    List<Thread> all() throws ReflectiveOperationException {
        List<Thread> virtual = new ArrayList<>();
        for (Object container : containers) {
            try (Stream<?> live = (Stream<?>) threads.invoke(container)) {
                live.filter(thread -> continuation.getDeclaringClass().isInstance(thread))
                        .limit(MOST - virtual.size())
                        .forEach(thread -> virtual.add((Thread) thread));
            }
        }
        return virtual;
    }

    /** {@return what a virtual thread was made to run, in a wrapper of the JDK's} */
    Object target(Thread thread) {
        Object held = Opened.get(continuation, thread);
        return held == null ? null : Opened.get(target, held);
    }

    /** {@return where a virtual thread that was made to run something of the bundle's is inside of it, or null} */
    StackTraceElement inside(Suspect suspect, Thread thread) throws ReflectiveOperationException {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (loaded.invoke(suspect.loader(), frame.getClassName()) instanceof Class<?> type && suspect.owns(type)) {
                return frame;
            }
        }
        return null;
    }
}

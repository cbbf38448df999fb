package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where threads are inside of a bundle. Frames are judged by their classes and not by the names of those: the next version of a
 * bundle has classes of the same names, and runs requests while the earlier one is looked for.
 *
 * <p>{@link Thread#getAllStackTraces} would stop all threads until the stacks of all are written down. From JDK 21 on a thread is
 * asked for its stack alone, by a handshake that no other thread waits for. On JDK 17 only a stop of all threads gives stacks: so
 * it is a few threads at a time, and each stop is short.
 */
final class Stacks {

    private static final int AT_ONCE = 16;

    private final Field declaring;
    private final Method one;
    private final Method some;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if frames can't be had with their classes
     */
    Stacks(Opened opened) throws UnseenException {
        this.declaring = opened.field(StackTraceElement.class, "declaringClassObject");
        Method single;
        try {
            single = opened.method(Thread.class, "getStackTrace0");
        } catch (UnseenException e) {
            single = null;
        }
        this.one = single;
        this.some = single == null ? opened.method(Thread.class, "dumpThreads", Thread[].class) : null;
    }

    /**
     * Looks at the stacks of platform threads.
     *
     * @return for each thread that is inside of the bundle, the uppermost frame that is the bundle's
     */
    Map<Thread, StackTraceElement> inside(Suspect suspect, List<Thread> threads) {
        Map<Thread, StackTraceElement> inside = new IdentityHashMap<>();
        for (int from = 0; from < threads.size(); from += AT_ONCE) {
            Thread[] asked = threads.subList(from, Math.min(from + AT_ONCE, threads.size()))
                    .toArray(Thread[]::new);
            StackTraceElement[][] stacks = stacks(asked);
            for (int i = 0; i < asked.length; i++) {
                StackTraceElement frame = uppermost(suspect, stacks[i]);
                if (frame != null) {
                    inside.put(asked[i], frame);
                }
            }
        }
        return inside;
    }

    private StackTraceElement uppermost(Suspect suspect, StackTraceElement[] stack) {
        if (stack != null) {
            for (StackTraceElement frame : stack) {
                if (Opened.get(declaring, frame) instanceof Class<?> type && suspect.owns(type)) {
                    return frame;
                }
            }
        }
        return null;
    }

    private StackTraceElement[][] stacks(Thread[] threads) {
        try {
            if (some != null) {
                return (StackTraceElement[][]) some.invoke(null, (Object) threads);
            }
            StackTraceElement[][] stacks = new StackTraceElement[threads.length][];
            for (int i = 0; i < threads.length; i++) {
                stacks[i] = (StackTraceElement[]) one.invoke(threads[i]);
            }
            return stacks;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JVM gives no stacks", e);
        }
    }
}

package dev.sluice.unload.managed;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Makes threads, virtual ones where the JVM has them (21 and newer). A thread inherits no thread-locals from the one that asks for
 * it, which is often a pooled thread in the middle of a request. Safe to call from any thread.
 *
 * @param most how many of a bundle may run at a time
 * @param maker makes one
 */
record Threads(int most, Maker maker) {

    /** Makes a thread that isn't started. */
    interface Maker {

        /** {@return a daemon thread that isn't started} */
        Thread unstarted(String name, Runnable task);
    }

    /** Daemon threads of the operating system. */
    static final Threads PLATFORM = new Threads(500, Threads::platform);

    /** Virtual threads. */
    static final Threads VIRTUAL = new Threads(Integer.MAX_VALUE, Threads::virtual);

    private static final int FIRST_WITH_VIRTUAL = 21;

    /** {@return virtual threads if this JVM has them, else those of the operating system} */
    static Threads best() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL ? VIRTUAL : PLATFORM;
    }

    /** {@return what waits for a bundle's tasks; its thread runs our code alone} */
    static ScheduledThreadPoolExecutor timer(String bundle) {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = platform(bundle + "-timing", task);
            thread.setContextClassLoader(Threads.class.getClassLoader());
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    private static Thread platform(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /** By reflection: the container is built for 17. */
    private static Thread virtual(String name, Runnable task) {
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object made = Thread.class.getMethod("ofVirtual").invoke(null);
            made = builder.getMethod("name", String.class).invoke(made, name);
            made = builder.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(made, false);
            return (Thread) builder.getMethod("unstarted", Runnable.class).invoke(made, task);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("no virtual thread could be made for " + name, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no virtual threads", e);
        }
    }
}

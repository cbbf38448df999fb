package dev.sluice.unload.managed;

import java.lang.reflect.InvocationTargetException;

/**
 * Makes threads, virtual ones where the JVM has them (21 and newer). A thread inherits no thread-locals from the one that asks for
 * it, which is often a pooled thread in the middle of a request. Safe to call from any thread.
 */
enum Threads {
    /** Daemon threads of the operating system. */
    PLATFORM {
        @Override
        Thread unstarted(String name, Runnable task) {
            return platform(name, task);
        }
    },
    /** Virtual threads. Called by reflection: the container is built for 17. */
    VIRTUAL {
        @Override
        Thread unstarted(String name, Runnable task) {
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
    };

    private static final int FIRST_WITH_VIRTUAL = 21;

    /** {@return a thread that isn't started} */
    abstract Thread unstarted(String name, Runnable task);

    /** {@return virtual threads if this JVM has them, else those of the operating system} */
    static Threads best() {
        return Runtime.version().feature() >= FIRST_WITH_VIRTUAL ? VIRTUAL : PLATFORM;
    }

    /** {@return a daemon thread of the operating system that isn't started} */
    static Thread platform(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }
}

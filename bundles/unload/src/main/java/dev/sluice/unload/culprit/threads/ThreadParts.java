package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;

/** What a thread refers to. Read from its fields: some of its methods can be overridden, and then are the bundle's code. */
final class ThreadParts {

    private final Field holder;
    private final Field target;
    private final Field handler;
    private final VarHandle contextClassLoader;
    private final MethodHandle state;
    private final MethodHandle interrupt;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if threads can't be looked into
     */
    ThreadParts(Opened opened) throws UnseenException {
        if (has("holder")) {
            this.holder = opened.field(Thread.class, "holder");
            this.target = opened.field(holder.getType(), "task");
        } else {
            this.holder = null;
            this.target = opened.field(Thread.class, "target");
        }
        this.handler = opened.field(Thread.class, "uncaughtExceptionHandler");
        this.contextClassLoader = opened.handle(Thread.class, "contextClassLoader");
        this.state = opened.own(Thread.class, "getState", Thread.State.class);
        this.interrupt = opened.own(Thread.class, "interrupt", void.class);
    }

    /** {@return whether this JDK's threads have such a field} */
    static boolean has(String field) {
        try {
            return Thread.class.getDeclaredField(field) != null;
        } catch (NoSuchFieldException e) {
            return false;
        }
    }

    /** {@return what the thread was made to run, or null} */
    Object target(Thread thread) {
        if (holder == null) {
            return Opened.get(target, thread);
        }
        Object held = Opened.get(holder, thread);
        return held == null ? null : Opened.get(target, held);
    }

    /** {@return what hears of the exceptions that end it, or null} */
    Object handler(Thread thread) {
        return Opened.get(handler, thread);
    }

    /** {@return its context class loader, or null} */
    ClassLoader contextClassLoader(Thread thread) {
        return (ClassLoader) contextClassLoader.getVolatile(thread);
    }

    /** Replaces its context class loader in one step, so never one that somebody has set meanwhile. */
    boolean replaceContextClassLoader(Thread thread, ClassLoader expected, ClassLoader other) {
        return contextClassLoader.compareAndSet(thread, expected, other);
    }

    /** {@return whether the thread itself is the bundle's: by its class, or by what it was made to run} */
    boolean isOf(Suspect suspect, Thread thread) {
        return suspect.owns(thread) || suspect.owns(target(thread));
    }

    /** {@return its state in a word} */
    String state(Thread thread) {
        try {
            return switch ((Thread.State) state.invokeExact(thread)) {
                case NEW -> "not started";
                case RUNNABLE -> "running";
                case BLOCKED -> "blocked";
                case WAITING, TIMED_WAITING -> "waiting";
                case TERMINATED -> "ended";
            };
        } catch (Throwable e) {
            return "alive";
        }
    }

    /** Interrupts it: by the JDK's own method, and not by what a class of the bundle's may have made of it. */
    void interrupt(Thread thread) {
        try {
            interrupt.invokeExact(thread);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("interrupt doesn't declare this", e);
        }
    }
}

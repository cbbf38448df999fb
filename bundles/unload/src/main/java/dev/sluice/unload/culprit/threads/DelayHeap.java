package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.UnseenException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The delayed tasks of the common pool on JDK 25, where {@link CompletableFuture} has its delays from. They are in an array that no
 * object refers to: its only reference is a local variable of the thread that waits for their time. So that thread is asked, by a
 * delayed task of our own, which it runs itself: it looks at its own stack, with the local variables, and nothing changes under it.
 */
final class DelayHeap {

    private static final String THREAD = "java.util.concurrent.DelayScheduler";
    private static final int DELAY_MILLIS = 20;
    private static final int TIMEOUT_SECONDS = 5;
    private static final int ATTEMPTS = 3;

    private final Method walker;
    private final Method locals;

    /**
     * @param opened the JDK's private parts
     * @throws UnseenException if stacks can't be had with their local variables
     */
    DelayHeap(Opened opened) throws UnseenException {
        Class<?> frame = opened.type("java.lang.LiveStackFrame");
        this.walker = opened.method(frame, "getStackWalker");
        this.locals = opened.method(frame, "getLocals");
    }

    /** {@return whether a thread is the one that has the delayed tasks of the common pool} */
    static boolean isOn(Thread thread) {
        return thread.getClass().getName().equals(THREAD) && thread.getName().startsWith("ForkJoinPool.commonPool");
    }

    /**
     * Asks for the delayed tasks.
     *
     * @return the tasks
     * @throws UnseenException if the thread doesn't answer in time, or has no such local variable
     */
    List<Object> tasks() throws UnseenException {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                CompletableFuture<Object> ours = new CompletableFuture<>();
                CompletableFuture<List<Object>> seen = ours.thenApply(now -> look());
                ours.completeOnTimeout(this, DELAY_MILLIS, TimeUnit.MILLISECONDS);
                List<Object> tasks = seen.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                if (tasks != null) {
                    return tasks;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unseen("interrupted");
        } catch (ExecutionException | TimeoutException e) {
            throw unseen(e.toString());
        }
        throw unseen("no such local variable");
    }

    private static UnseenException unseen(String why) {
        return new UnseenException(
                "delayed tasks of CompletableFuture: this JVM doesn't show them (" + why
                        + "); ask for the path from the root (explain)",
                List.of());
    }

    /** On the thread that has them. */
    private List<Object> look() {
        try {
            StackWalker ours = (StackWalker) walker.invoke(null);
            return ours.walk(
                    frames -> frames.filter(frame -> frame.getClassName().equals(THREAD)
                                    && frame.getMethodName().equals("loop"))
                            .findFirst()
                            .map(this::heap)
                            .orElse(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<Object> heap(StackWalker.StackFrame frame) {
        try {
            for (Object local : (Object[]) locals.invoke(frame)) {
                if (local instanceof Object[] heap && heap.getClass().getName().contains("ScheduledForkJoinTask")) {
                    return new ArrayList<>(
                            Arrays.stream(heap).filter(Objects::nonNull).toList());
                }
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}

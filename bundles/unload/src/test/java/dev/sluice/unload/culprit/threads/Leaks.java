package dev.sluice.unload.culprit.threads;

/** The source of the fixture's class. What must not be called from outside throws. */
final class Leaks {

    static final String SOURCE =
            """
            package acme;

            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.locks.LockSupport;
            import java.util.function.*;

            public class Leaks {

                static void rest(CountDownLatch up) {
                    up.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        return;
                    }
                }

                /** All that could be called by mistake. */
                public static class Hostile {
                    @Override public boolean equals(Object o) { throw new AssertionError("equals"); }
                    @Override public int hashCode() { throw new AssertionError("hashCode"); }
                    @Override public String toString() { throw new AssertionError("toString"); }
                }

                public static class Poller extends Thread {
                    final CountDownLatch up = new CountDownLatch(1);
                    Poller() { super("poller"); setDaemon(true); }
                    @Override public void run() { rest(up); }
                    @Override public void interrupt() { throw new AssertionError("interrupt"); }
                    @Override public Thread.State getState() { throw new AssertionError("getState"); }
                    @Override public StackTraceElement[] getStackTrace() { throw new AssertionError("getStackTrace"); }
                    @Override public ClassLoader getContextClassLoader() { throw new AssertionError("getContextClassLoader"); }
                    @Override public UncaughtExceptionHandler getUncaughtExceptionHandler() { throw new AssertionError("handler"); }
                }

                public static Object poller(Object none) throws Exception {
                    Poller poller = new Poller();
                    poller.setContextClassLoader(null);
                    poller.start();
                    poller.up.await();
                    return poller;
                }

                public static Object target(Object none) throws Exception {
                    CountDownLatch up = new CountDownLatch(1);
                    Thread thread = new Thread(() -> rest(up), "target");
                    thread.setDaemon(true);
                    thread.start();
                    up.await();
                    return thread;
                }

                public static Object executor(Object none) throws Exception {
                    ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
                        Thread thread = new Thread(task, "acme-worker");
                        thread.setDaemon(true);
                        return thread;
                    });
                    CountDownLatch up = new CountDownLatch(2);
                    executor.execute(() -> rest(up));
                    executor.execute(() -> rest(up));
                    up.await();
                    return executor;
                }

                /** Shut down in order, with a task that runs until a latch opens, and one that waits and counts another down. */
                public static Object draining(Object latches) throws Exception {
                    CountDownLatch[] all = (CountDownLatch[]) latches;
                    ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "acme-uploader"));
                    executor.execute(() -> {
                        all[0].countDown();
                        try {
                            all[1].await();
                        } catch (InterruptedException e) {
                            return;
                        }
                        all[2].countDown();
                    });
                    executor.execute(all[2]::countDown);
                    all[0].await();
                    executor.shutdown();
                    return null;
                }

                /** What the executor calls in the end, under its own lock, doesn't come back. */
                public static Object neverTerminated(Object latches) throws Exception {
                    CountDownLatch[] both = (CountDownLatch[]) latches;
                    ThreadPoolExecutor executor = new ThreadPoolExecutor(
                            1, 1, 1, TimeUnit.HOURS, new LinkedBlockingQueue<>(), task -> {
                                Thread thread = new Thread(task, "acme-hang");
                                thread.setDaemon(true);
                                return thread;
                            }) {
                        @Override protected void terminated() {
                            both[0].countDown();
                            while (both[1].getCount() > 0) {
                                try {
                                    both[1].await();
                                } catch (InterruptedException e) {
                                    continue;
                                }
                            }
                        }
                    };
                    executor.submit(() -> {}).get();
                    return null;
                }

                /** Called on a thread of others, until that one is interrupted or the latch opens. */
                public static Object rejecting(Object none) {
                    return (java.util.concurrent.RejectedExecutionHandler) (task, executor) -> {};
                }

                public static Object stay(Object latches) throws Exception {
                    CountDownLatch[] both = (CountDownLatch[]) latches;
                    both[0].countDown();
                    both[1].await();
                    return null;
                }

                public static Object virtual(Object none) throws Exception {
                    CountDownLatch up = new CountDownLatch(1);
                    Runnable task = () -> {
                        up.countDown();
                        while (!Thread.currentThread().isInterrupted()) {
                            LockSupport.park();
                        }
                    };
                    Object thread = Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
                    up.await();
                    return thread;
                }

                public static Object virtualExecutor(Object none) throws Exception {
                    CountDownLatch up = new CountDownLatch(1);
                    ExecutorService executor = (ExecutorService)
                            Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
                    executor.submit(() -> rest(up));
                    up.await();
                    return null;
                }

                public static Object virtualThatEnds(Object none) throws Exception {
                    Runnable task = () -> {};
                    Thread thread = (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
                    thread.join();
                    return null;
                }

                public static Object handler(Object thread) {
                    ((Thread) thread).setUncaughtExceptionHandler((any, e) -> {});
                    return null;
                }

                /** Has an executor of others make its thread. */
                public static Object grow(Object executor) throws Exception {
                    ((ExecutorService) executor).submit((Callable<Object>) () -> null).get();
                    return null;
                }

                static final ThreadLocal<Object> PLAIN = new ThreadLocal<>();
                static final ThreadLocal<Object> SUPPLIED = ThreadLocal.withInitial(Hostile::new);

                public static Object plain(Object none) { PLAIN.set(new Hostile()); return null; }
                public static Object list(Object none) { PLAIN.set(new ArrayList<>(List.of(1, new Hostile()))); return null; }
                public static Object supplied(Object none) { return SUPPLIED.get() == null; }
                public static Object text(Object none) { PLAIN.set("text"); return null; }
                public static Object removed(Object none) { plain(null); PLAIN.remove(); return null; }
                public static Object hostile(Object none) { return new Hostile(); }

                public static class Tick extends TimerTask {
                    @Override public void run() {}
                    @Override public boolean cancel() { throw new AssertionError("cancel"); }
                }

                static Timer timer;

                public static Object timer(Object none) {
                    timer = new Timer("acme-timer", true);
                    timer.schedule(new Tick(), 3_600_000);
                    return timer;
                }

                public static Object timerCancelled(Object none) { ((Timer) timer(null)).cancel(); return null; }

                public static Object tick(Object timer) { ((Timer) timer).schedule(new Tick(), 3_600_000); return null; }

                public static class Job extends Hostile implements Runnable {
                    @Override public void run() { throw new AssertionError("run"); }
                }

                public static Object execute(Object executor) { ((Executor) executor).execute(new Job()); return null; }

                public static Object schedule(Object executor) {
                    return ((ScheduledExecutorService) executor)
                            .scheduleWithFixedDelay(() -> {}, 1, 1, TimeUnit.HOURS);
                }

                public static Object delay(Object none) {
                    CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(1, TimeUnit.HOURS));
                    return null;
                }

                public static Object runAsync(Object none) {
                    CompletableFuture.runAsync(() -> { throw new AssertionError("run"); });
                    return null;
                }

                public static Object depend(Object future) {
                    ((CompletableFuture<?>) future).thenRun(() -> {});
                    return null;
                }
            }
            """;

    private Leaks() {}
}

package dev.sluice.itests.leak;

import static dev.sluice.itests.leak.LeakPattern.cleaned;
import static dev.sluice.itests.leak.LeakPattern.found;
import static dev.sluice.itests.leak.LeakPattern.unseen;

import java.util.List;

/** Threads that go on, and what is left on those of others. */
final class ThreadPatterns {

    static final List<LeakPattern> ALL = List.of(
            cleaned(
                    "running-thread",
                    "THREAD",
                    """
                        private Thread thread;

                        @Override
                        void start() {
                            thread = new Thread(this::run, "leak-running");
                            thread.setDaemon(true);
                            thread.start();
                        }

                        private void run() {
                            try {
                                while (true) {
                                    Thread.sleep(100);
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }

                        @Override
                        void stop() throws Exception {
                            thread.interrupt();
                            thread.join();
                        }
                    """),
            // It is interrupted, and doesn't care.
            found(
                    "parked-thread",
                    "THREAD",
                    """
                        private volatile boolean ended;
                        private Thread thread;

                        @Override
                        void start() {
                            thread = new Thread(this::run, "leak-parked");
                            thread.setDaemon(true);
                            thread.start();
                        }

                        private void run() {
                            while (!ended) {
                                Thread.interrupted();
                                LockSupport.park();
                            }
                        }

                        @Override
                        void stop() throws Exception {
                            ended = true;
                            LockSupport.unpark(thread);
                            thread.join();
                        }
                    """),
            cleaned(
                            "virtual-thread",
                            "THREAD",
                            """
                                private Thread thread;

                                @Override
                                void start() throws Exception {
                                    thread = (Thread) Thread.class
                                            .getMethod("startVirtualThread", Runnable.class)
                                            .invoke(null, (Runnable) this::run);
                                }

                                private void run() {
                                    try {
                                        new CountDownLatch(1).await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                }

                                @Override
                                void stop() throws Exception {
                                    thread.interrupt();
                                    thread.join();
                                }
                            """)
                    .from(21),
            cleaned(
                    "executor-with-own-threads",
                    "THREAD",
                    """
                        private ExecutorService own;

                        @Override
                        void start() throws Exception {
                            own = Executors.newFixedThreadPool(2, task -> {
                                Thread thread = new Thread(task, "leak-own");
                                thread.setDaemon(true);
                                return thread;
                            });
                            own.submit(() -> {}).get();
                        }

                        @Override
                        void stop() throws Exception {
                            own.shutdownNow();
                            own.awaitTermination(10, TimeUnit.SECONDS);
                        }
                    """),
            // Its threads have nothing of the bundle's but what they inherited from a request.
            cleaned(
                    "executor-made-in-a-request",
                    "CONTEXT_CLASS_LOADER",
                    """
                        private ExecutorService own;

                        @Override
                        synchronized void request(HttpServletRequest request) throws Exception {
                            if (own == null) {
                                own = Executors.newFixedThreadPool(2);
                                own.submit(() -> {}).get();
                            }
                        }

                        @Override
                        void stop() throws Exception {
                            own.shutdownNow();
                            own.awaitTermination(10, TimeUnit.SECONDS);
                        }
                    """),
            cleaned(
                    "scheduler",
                    "PENDING_TASK",
                    """
                        private final ScheduledExecutorService own = Executors.newScheduledThreadPool(1);

                        @Override
                        void start() {
                            own.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.HOURS);
                        }

                        private void tick() {}

                        @Override
                        void stop() throws Exception {
                            own.shutdownNow();
                            own.awaitTermination(10, TimeUnit.SECONDS);
                        }
                    """),
            cleaned(
                    "task-in-a-shared-executor",
                    "PENDING_TASK",
                    """
                        private Future<?> task;

                        @Override
                        void start() {
                            Neighbour.POOL.setRemoveOnCancelPolicy(true);
                            task = Neighbour.POOL.schedule(this::tick, 1, TimeUnit.HOURS);
                        }

                        private void tick() {}

                        @Override
                        void stop() {
                            task.cancel(false);
                        }
                    """),
            // There is no way to take back what such an executor was given: done right, it isn't used.
            cleaned(
                    "delayed-executor",
                    "PENDING_TASK",
                    """
                        @Override
                        void start() {
                            if (!tidy) {
                                CompletableFuture.delayedExecutor(1, TimeUnit.HOURS).execute(this::tick);
                            }
                        }

                        private void tick() {}
                    """),
            found(
                    "future-with-a-timeout",
                    "PENDING_TASK",
                    """
                        private final Thing thing = new Thing();
                        private CompletableFuture<Object> answer;

                        @Override
                        void start() {
                            answer = new CompletableFuture<Object>().orTimeout(1, TimeUnit.HOURS);
                            answer.whenComplete((value, failure) -> thing.touch());
                        }

                        @Override
                        void stop() {
                            answer.cancel(false);
                        }
                    """),
            cleaned(
                    "timer",
                    "TIMER",
                    """
                        private final Timer timer = new Timer("leak-timer", true);

                        @Override
                        void start() {
                            timer.schedule(new Tick(), 3_600_000, 3_600_000);
                        }

                        private static final class Tick extends TimerTask {
                            @Override
                            public void run() {}
                        }

                        @Override
                        void stop() {
                            timer.cancel();
                        }
                    """),
            // A cancelled and purged task stays on the stack of the timer's thread for as long as that waits for its
            // time.
            cleaned(
                    "shared-timer",
                    "TIMER",
                    """
                        private final Tick tick = new Tick();

                        @Override
                        void start() {
                            Neighbour.TIMER.schedule(tick, 3_600_000, 3_600_000);
                        }

                        private static final class Tick extends TimerTask {
                            @Override
                            public void run() {}
                        }

                        @Override
                        void stop() {
                            tick.cancel();
                            Neighbour.TIMER.purge();
                            Neighbour.wakeTimer();
                        }
                    """),
            // Requests have threads of their own where those are virtual: nothing is left on them.
            cleaned(
                            "thread-local-of-a-request",
                            "THREAD_LOCAL",
                            """
                                private static final ThreadLocal<Thing> THINGS = new ThreadLocal<>();

                                @Override
                                void request(HttpServletRequest request) {
                                    THINGS.set(new Thing());
                                }

                                @Override
                                void after() {
                                    THINGS.remove();
                                }
                            """)
                    .heldBefore(21),
            cleaned(
                    "thread-local",
                    "THREAD_LOCAL",
                    """
                        private static final ThreadLocal<Thing> THINGS = new ThreadLocal<>();

                        @Override
                        void start() throws Exception {
                            Neighbour.run(() -> {
                                THINGS.set(new Thing());
                                if (tidy) {
                                    THINGS.remove();
                                }
                                return null;
                            });
                        }
                    """),
            cleaned(
                    "thread-local-list",
                    "THREAD_LOCAL",
                    """
                        private static final ThreadLocal<List<Object>> THINGS = new ThreadLocal<>();

                        @Override
                        void start() throws Exception {
                            Neighbour.run(() -> {
                                THINGS.set(new ArrayList<>(List.of("text", new Thing())));
                                if (tidy) {
                                    THINGS.remove();
                                }
                                return null;
                            });
                        }
                    """),
            cleaned(
                    "inheritable-thread-local",
                    "THREAD_LOCAL",
                    """
                        private static final InheritableThreadLocal<Thing> THINGS = new InheritableThreadLocal<>();

                        @Override
                        void start() {
                            THINGS.set(new Thing());
                            if (tidy) {
                                THINGS.remove();
                            }
                            Neighbour.thread();
                            THINGS.remove();
                        }
                    """),
            // An MDC that takes objects, as that of Log4j 1 did.
            cleaned(
                    "mdc-object",
                    "THREAD_LOCAL",
                    """
                        @Override
                        void start() throws Exception {
                            Class<?> mdc = Class.forName("org.apache.log4j.MDC");
                            Neighbour.run(() -> {
                                mdc.getMethod("put", String.class, Object.class).invoke(null, "leak", new Thing());
                                if (tidy) {
                                    mdc.getMethod("remove", String.class).invoke(null, "leak");
                                }
                                return null;
                            });
                        }
                    """),
            cleaned(
                    "context-class-loader",
                    "CONTEXT_CLASS_LOADER",
                    """
                        @Override
                        void start() throws Exception {
                            Neighbour.run(() -> {
                                Thread thread = Thread.currentThread();
                                ClassLoader before = thread.getContextClassLoader();
                                thread.setContextClassLoader(Pattern.class.getClassLoader());
                                if (tidy) {
                                    thread.setContextClassLoader(before);
                                }
                                return null;
                            });
                        }
                    """),
            // Newer JDKs don't let a task leave one on a thread of that pool.
            cleaned(
                            "common-pool",
                            "CONTEXT_CLASS_LOADER",
                            """
                        @Override
                        void request(HttpServletRequest request) throws Exception {
                            CountDownLatch done = new CountDownLatch(1);
                            ForkJoinPool.commonPool().execute(() -> {
                                Thread thread = Thread.currentThread();
                                ClassLoader before = thread.getContextClassLoader();
                                thread.setContextClassLoader(Pattern.class.getClassLoader());
                                if (tidy) {
                                    thread.setContextClassLoader(before);
                                }
                                done.countDown();
                            });
                            done.await(10, TimeUnit.SECONDS);
                        }
                    """)
                    .heldBefore(21),
            cleaned(
                    "handler-of-uncaught-exceptions-of-a-thread",
                    "THREAD",
                    """
                        @Override
                        void start() throws Exception {
                            Neighbour.run(() -> {
                                Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> {});
                                return null;
                            });
                        }

                        @Override
                        void stop() throws Exception {
                            Neighbour.run(() -> {
                                Thread.currentThread().setUncaughtExceptionHandler(null);
                                return null;
                            });
                        }
                    """),
            // Its selector thread has the context class loader of the request that made it. From 19 on it has the
            // system's;
            // from 21 on the client has a close().
            cleaned(
                            "http-client",
                            "CONTEXT_CLASS_LOADER",
                            """
                                private static HttpClient client;

                                @Override
                                void request(HttpServletRequest request) {
                                    synchronized (Pattern.class) {
                                        if (client == null) {
                                            client = HttpClient.newHttpClient();
                                        }
                                    }
                                }

                                @Override
                                void stop() throws Exception {
                                    ((AutoCloseable) (Object) client).close();
                                    client = null;
                                }
                            """)
                    .heldBefore(21)
                    .twinFrom(21),
            unseen(
                    "http-server",
                    """
                        private com.sun.net.httpserver.HttpServer server;

                        @Override
                        void start() throws Exception {
                            InetAddress loopback = InetAddress.getLoopbackAddress();
                            server = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(loopback, 0), 0);
                            server.createContext("/metrics", exchange -> exchange.close());
                            server.start();
                        }

                        @Override
                        void stop() {
                            server.stop(0);
                        }
                    """),
            unseen(
                    "cleaner",
                    """
                        private static final Cleaner CLEANER = Cleaner.create();
                        private static final Object TRACKED = new Object();

                        private Cleaner.Cleanable cleanable;

                        @Override
                        void start() {
                            Thing thing = new Thing();
                            cleanable = CLEANER.register(TRACKED, thing::touch);
                        }

                        @Override
                        void stop() {
                            cleanable.clean();
                        }
                    """));

    private ThreadPatterns() {}
}

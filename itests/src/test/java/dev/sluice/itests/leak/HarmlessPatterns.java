package dev.sluice.itests.leak;

import static dev.sluice.itests.leak.LeakPattern.harmless;

import java.util.List;

/** What looks as if it held a bundle, and doesn't: nobody may be accused of it. */
final class HarmlessPatterns {

    static final List<LeakPattern> ALL = List.of(
            harmless("nothing", ""),
            harmless(
                    "thread-local-with-a-text",
                    """
                        private static final ThreadLocal<String> TEXTS = new ThreadLocal<>();
                        private static final ThreadLocal<String> INITIAL = ThreadLocal.withInitial(() -> "text");

                        @Override
                        void start() throws Exception {
                            Neighbour.run(() -> {
                                TEXTS.set("text");
                                return INITIAL.get();
                            });
                        }
                    """),
            harmless(
                    "mdc-text",
                    """
                        @Override
                        void request(HttpServletRequest request) {
                            org.slf4j.MDC.put("leak", "text");
                        }
                    """),
            harmless(
                    "context-class-loader-of-a-request",
                    """
                        @Override
                        void request(HttpServletRequest request) {
                            Thread.currentThread().setContextClassLoader(new ClassLoader(Pattern.class.getClassLoader()) {});
                        }
                    """),
            harmless(
                    "attribute-of-a-request",
                    """
                        @Override
                        void request(HttpServletRequest request) {
                            request.setAttribute("leak.thing", new Thing());
                        }
                    """),
            harmless(
                    "thread-that-never-started",
                    """
                        private static Thread thread;

                        @Override
                        void start() {
                            thread = new Thread(this::run, "leak-unstarted");
                        }

                        private void run() {}
                    """),
            harmless(
                    "thread-that-has-ended",
                    """
                        private static Thread thread;

                        @Override
                        void start() throws Exception {
                            thread = new Thread(this::run, "leak-ended");
                            thread.start();
                            thread.join();
                        }

                        private void run() {}
                    """),
            // JDKs before 24 note down on a thread whose code had it made; those that Felix runs have no class loader
            // there.
            harmless(
                    "thread-of-others-made-in-a-call",
                    """
                        @Override
                        void start() {
                            Neighbour.callersThread();
                        }
                    """),
            harmless(
                    "task-that-has-run",
                    """
                        private static Future<?> task;

                        @Override
                        void start() throws Exception {
                            task = Neighbour.POOL.submit(this::run);
                            task.get();
                            CompletableFuture.runAsync(this::run).get();
                        }

                        private void run() {}
                    """),
            harmless(
                    "managed-tasks",
                    """
                        @Override
                        void start() throws Exception {
                            ServiceReference<ScheduledExecutorService> found = context.getServiceReferences(
                                    ScheduledExecutorService.class, "(sluice.managed=true)").iterator().next();
                            ScheduledExecutorService tasks = context.getService(found);
                            tasks.scheduleAtFixedRate(this::run, 0, 5, TimeUnit.MILLISECONDS);
                            tasks.schedule(this::run, 1, TimeUnit.HOURS);
                        }

                        private void run() {}
                    """),
            harmless(
                    "own-services-and-listeners",
                    """
                        @Override
                        void start() {
                            context.registerService(Runnable.class, new Run(), new Hashtable<>());
                            context.addServiceListener(event -> {});
                            context.addBundleListener(event -> {});
                            context.addFrameworkListener(event -> {});
                            context.getService(context.getServiceReference(Neighbour.Registry.class));
                        }

                        private static final class Run implements Runnable {
                            @Override
                            public void run() {}
                        }
                    """),
            // The log keeps texts.
            harmless(
                    "exception-in-the-log",
                    """
                        private static final class Failure extends RuntimeException {
                            private static final long serialVersionUID = 1;
                        }

                        @Override
                        void start() {
                            org.slf4j.LoggerFactory.getLogger(Pattern.class).error("on purpose", new Failure());
                            java.util.logging.Logger.getLogger("leak.own")
                                    .log(java.util.logging.Level.SEVERE, "on purpose", new Failure());
                        }
                    """),
            harmless(
                    "exception-of-a-request",
                    """
                        private static final class Failure extends RuntimeException {
                            private static final long serialVersionUID = 1;
                        }

                        private boolean thrown;

                        @Override
                        synchronized void request(HttpServletRequest request) {
                            if (!thrown) {
                                thrown = true;
                                throw new Failure();
                            }
                        }
                    """),
            harmless(
                    "own-logger-and-level",
                    """
                        private static final java.util.logging.Logger LOG = java.util.logging.Logger.getLogger("leak.levels");

                        private static final class Loud extends java.util.logging.Level {
                            private static final long serialVersionUID = 1;

                            Loud() {
                                super("LOUD", 860);
                            }
                        }

                        @Override
                        void start() {
                            LOG.log(new Loud(), "loud");
                        }
                    """),
            harmless(
                    "class-value-of-others",
                    """
                        private static final ClassValue<String> TEXTS = new ClassValue<>() {
                            @Override
                            protected String computeValue(Class<?> type) {
                                return type.getName();
                            }
                        };

                        @Override
                        void start() {
                            Neighbour.VALUES.get(Thing.class);
                            TEXTS.get(String.class);
                        }
                    """),
            harmless(
                    "reflection-and-serialization",
                    """
                        @Override
                        void start() throws Exception {
                            Object proxy = java.lang.reflect.Proxy.newProxyInstance(
                                    Pattern.class.getClassLoader(), new Class<?>[] {Runnable.class},
                                    (self, method, arguments) -> null);
                            ((Runnable) proxy).run();
                            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                            new ObjectOutputStream(bytes).writeObject(new Thing());
                            Method setter = Thing.class.getMethod("setCount", int.class);
                            for (int i = 0; i < 50; i++) {
                                setter.invoke(new Thing(), i);
                            }
                            java.lang.invoke.MethodHandles.lookup()
                                    .findVirtual(Thing.class, "getCount", java.lang.invoke.MethodType.methodType(int.class));
                        }
                    """),
            harmless(
                    "property-editor",
                    """
                        public static final class Editor extends PropertyEditorSupport {}

                        @Override
                        void start() {
                            PropertyEditorManager.registerEditor(Thing.class, Editor.class);
                        }
                    """));

    private HarmlessPatterns() {}
}

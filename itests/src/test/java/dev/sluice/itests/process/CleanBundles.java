package dev.sluice.itests.process;

import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Middleware that leaves nothing behind, of each sort that comes near to it. Each stamps its version on every response. */
final class CleanBundles {

    private static final String PLAIN = "plain";

    /** Members of the component, by the name of the middleware; each has a method for every request. */
    private final Map<String, String> components = new TreeMap<>();

    /** @param upstream answers to those that are clients */
    CleanBundles(URI upstream) {
        components.put("component", "private void request() {}");
        components.put("managed", MANAGED);
        components.put("pooled", POOLED);
        components.put("registered", REGISTERED);
        components.put("local", LOCAL);
        components.put("client", CLIENT.replace("UPSTREAM", upstream.toString()));
        components.put("everyday", EVERYDAY);
    }

    /** {@return the names of all} */
    List<String> names() {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(PLAIN), components.keySet().stream())
                .toList();
    }

    /** {@return the JAR of one of them} */
    byte[] jar(String name, String version) {
        if (name.equals(PLAIN)) {
            return TestBundle.stamping(PLAIN, version).jar();
        }
        return AnnotatedBundle.of("test." + name, version)
                .source("fixture.Clean", COMPONENT.replace("NAME", name).replace("MEMBERS", components.get(name)))
                .fixture("fixture.NoDriver")
                .fixture("fixture.NoHandler")
                .jar();
    }

    /** The version isn't in the source, so that it is compiled once. */
    private static final String COMPONENT =
            """
            package fixture;

            import dev.sluice.middleware.*;
            import jakarta.servlet.ServletException;
            import jakarta.servlet.http.*;
            import java.io.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.function.*;
            import org.osgi.framework.FrameworkUtil;
            import org.osgi.service.component.annotations.*;
            import org.osgi.service.component.propertytypes.ServiceRanking;

            @Component
            @MiddlewareName("NAME")
            @MiddlewarePaths("/*")
            @ServiceRanking(100)
            public final class Clean implements Middleware {
                private final String version = FrameworkUtil.getBundle(Clean.class).getVersion().toString();

                MEMBERS

                @Override
                public void handle(HttpServletRequest request, HttpServletResponse response, Next next)
                        throws IOException, ServletException {
                    try {
                        request();
                    } catch (Exception e) {
                        throw new ServletException(e);
                    }
                    response.setHeader("X-NAME", version);
                    next.proceed(request, response);
                }
            }
            """;

    /** Has its threads of the container, and cancels nothing. */
    private static final String MANAGED =
            """
            @Reference(target = "(sluice.managed=true)")
            ScheduledExecutorService tasks;

            @Activate
            void start() {
                tasks.scheduleAtFixedRate(() -> version.length(), 0, 5, TimeUnit.MILLISECONDS);
                tasks.schedule(() -> version.length(), 1, TimeUnit.HOURS);
            }

            private void request() throws Exception {
                tasks.submit(() -> version.length()).get();
            }
            """;

    /** Has threads of its own, of each kind, and ends them. */
    private static final String POOLED =
            """
            private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(2);
            private final Timer timer = new Timer(true);
            private final Thread thread = new Thread(this::run);

            @Activate
            void start() {
                pool.scheduleAtFixedRate(() -> version.length(), 0, 5, TimeUnit.MILLISECONDS);
                pool.schedule(() -> version.length(), 1, TimeUnit.HOURS);
                timer.schedule(new TimerTask() {
                    @Override
                    public void run() {
                        version.length();
                    }
                }, 0, 5);
                thread.start();
            }

            @Deactivate
            void stop() throws Exception {
                timer.cancel();
                thread.interrupt();
                thread.join();
                pool.shutdownNow();
                pool.awaitTermination(10, TimeUnit.SECONDS);
            }

            private void run() {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // The end.
                }
            }

            private void request() throws Exception {
                pool.submit(() -> version.length()).get();
            }
            """;

    /** Registers with the JVM whatever can be registered there, and takes it back. */
    private static final String REGISTERED =
            """
            public interface CountMBean {
                int getCount();
            }

            public static final class Count implements CountMBean {
                @Override
                public int getCount() {
                    return 1;
                }
            }

            private final java.util.logging.Handler handler = new NoHandler();
            private final java.sql.Driver driver = new NoDriver();
            private final Thread hook = new Thread(() -> version.length());
            private javax.management.ObjectName bean;

            @Activate
            void start() throws Exception {
                // Two versions are there at a time.
                bean = new javax.management.ObjectName("fixture:type=Count,version=" + version);
                java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(new Count(), bean);
                java.sql.DriverManager.registerDriver(driver);
                java.util.logging.Logger.getLogger("").addHandler(handler);
                Runtime.getRuntime().addShutdownHook(hook);
            }

            @Deactivate
            void stop() throws Exception {
                Runtime.getRuntime().removeShutdownHook(hook);
                java.util.logging.Logger.getLogger("").removeHandler(handler);
                java.sql.DriverManager.deregisterDriver(driver);
                java.lang.management.ManagementFactory.getPlatformMBeanServer().unregisterMBean(bean);
            }

            private void request() {}
            """;

    /** Leaves the container's threads as it found them. */
    private static final String LOCAL =
            """
            private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();
            private static final ThreadLocal<Object> INITIAL = ThreadLocal.withInitial(() -> new Object[] {Clean.class});

            private void request() {
                Thread thread = Thread.currentThread();
                ClassLoader before = thread.getContextClassLoader();
                thread.setContextClassLoader(Clean.class.getClassLoader());
                LOCAL.set(this);
                try {
                    if (INITIAL.get() == LOCAL.get()) {
                        throw new IllegalStateException();
                    }
                } finally {
                    INITIAL.remove();
                    LOCAL.remove();
                    thread.setContextClassLoader(before);
                }
            }
            """;

    /** Until Java 21 a client can't be closed: one lets it go. */
    private static final String CLIENT =
            """
            private final java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();

            @Activate
            void start() throws Exception {
                if (call().get(30, TimeUnit.SECONDS).statusCode() != 200) {
                    throw new IllegalStateException("the upstream doesn't answer");
                }
            }

            private CompletableFuture<java.net.http.HttpResponse<String>> call() {
                return client.sendAsync(
                        java.net.http.HttpRequest.newBuilder(java.net.URI.create("UPSTREAM")).build(),
                        java.net.http.HttpResponse.BodyHandlers.ofString());
            }

            private void request() {}
            """;

    /** What code does every day. */
    private static final String EVERYDAY =
            """
            public record Point(int x, int y) implements Serializable {}

            public enum Side { LEFT, RIGHT }

            public static final class Texts extends ListResourceBundle {
                @Override
                protected Object[][] getContents() {
                    return new Object[][] {{"key", "text"}};
                }
            }

            private static final System.Logger LOG = System.getLogger(Clean.class.getName());
            private static final java.util.logging.Logger JUL = java.util.logging.Logger.getLogger("fixture.everyday");

            @Activate
            void start() throws Throwable {
                LOG.log(System.Logger.Level.DEBUG, "version {0}", version);
                JUL.log(java.util.logging.Level.FINE, "version {0}", this);
                ResourceBundle.getBundle(Texts.class.getName(), Locale.ROOT, Clean.class.getClassLoader()).getString("key");
                Function<?, ?> proxy = (Function<?, ?>) java.lang.reflect.Proxy.newProxyInstance(
                        Clean.class.getClassLoader(), new Class<?>[] {Function.class}, (p, method, arguments) -> version);
                proxy.apply(null);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                    out.writeObject(new Point(1, 2));
                    out.writeObject(Side.LEFT);
                }
                for (int i = 0; i < 50; i++) {
                    Clean.class.getDeclaredMethod("ordinary", Point.class).invoke(null, new Point(i, i));
                }
                java.lang.invoke.MethodHandles.lookup()
                        .findVirtual(Point.class, "x", java.lang.invoke.MethodType.methodType(int.class))
                        .invokeWithArguments(new Point(1, 1));
                CompletableFuture.supplyAsync(() -> new Point(1, 1)).thenApplyAsync(Point::y).get();
                ServiceLoader.load(Runnable.class, Clean.class.getClassLoader()).findFirst();
                String.format("%s %d", new Point(1, 2), 3);
                new EnumMap<Side, Point>(Map.of(Side.RIGHT, new Point(2, 2))).toString();
            }

            static int ordinary(Point point) {
                return point.x();
            }

            private void request() {
                List<Point> points = List.of(new Point(1, 2), new Point(2, 1));
                points.stream().sorted(Comparator.comparing(Point::x)).map(point -> point + version).toList();
            }
            """;
}

package dev.sluice.itests.leak;

import static dev.sluice.itests.leak.LeakPattern.cleaned;
import static dev.sluice.itests.leak.LeakPattern.found;
import static dev.sluice.itests.leak.LeakPattern.soft;
import static dev.sluice.itests.leak.LeakPattern.unseen;

import java.util.List;

/** Registries, defaults and caches of the JVM. */
final class RegistryPatterns {

    static final List<LeakPattern> ALL = List.of(
            mbean(
                    "mbean",
                    """
                        public interface DemoMBean {
                            int getCount();
                        }

                        public static final class Demo implements DemoMBean {
                            @Override
                            public int getCount() {
                                return 1;
                            }
                        }
                    """),
            mbean(
                    "mxbean",
                    """
                        public record Point(int x, int y) {
                            public int getX() {
                                return x;
                            }
                        }

                        public interface DemoMXBean {
                            Point getPoint();
                        }

                        public static final class Demo implements DemoMXBean {
                            @Override
                            public Point getPoint() {
                                return new Point(1, 2);
                            }
                        }
                    """),
            found(
                    "mbean-listener",
                    "MBEAN",
                    """
                        private final NotificationListener listener = (notification, handback) -> {};

                        @Override
                        void start() throws Exception {
                            ManagementFactory.getPlatformMBeanServer().addNotificationListener(
                                    new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME), listener, null, null);
                        }

                        @Override
                        void stop() throws Exception {
                            ManagementFactory.getPlatformMBeanServer().removeNotificationListener(
                                    new ObjectName(ManagementFactory.MEMORY_MXBEAN_NAME), listener);
                        }
                    """),
            cleaned(
                    "jdbc-driver",
                    "JDBC_DRIVER",
                    """
                        private final NoDriver driver = new NoDriver();

                        @Override
                        void start() throws Exception {
                            java.sql.DriverManager.registerDriver(driver);
                        }

                        @Override
                        void stop() throws Exception {
                            java.sql.DriverManager.deregisterDriver(driver);
                        }
                    """),
            cleaned(
                    "shutdown-hook",
                    "SHUTDOWN_HOOK",
                    """
                        private final Thread hook = new Thread(this::run, "leak-hook");

                        @Override
                        void start() {
                            Runtime.getRuntime().addShutdownHook(hook);
                        }

                        private void run() {}

                        @Override
                        void stop() {
                            Runtime.getRuntime().removeShutdownHook(hook);
                        }
                    """),
            cleaned(
                    "root-log-handler",
                    "LOG_HANDLER",
                    """
                        private final NoHandler handler = new NoHandler();

                        @Override
                        void start() {
                            java.util.logging.Logger.getLogger("").addHandler(handler);
                        }

                        @Override
                        void stop() {
                            java.util.logging.Logger.getLogger("").removeHandler(handler);
                        }
                    """),
            cleaned(
                    "log-filter",
                    "LOG_HANDLER",
                    """
                        @Override
                        void start() {
                            Neighbour.LOG.setFilter(record -> true);
                        }

                        @Override
                        void stop() {
                            Neighbour.LOG.setFilter(null);
                        }
                    """),
            found(
                    "log-formatter",
                    "LOG_HANDLER",
                    """
                        @Override
                        void start() {
                            Neighbour.HANDLER.setFormatter(new java.util.logging.Formatter() {
                                @Override
                                public String format(java.util.logging.LogRecord record) {
                                    return record.getMessage();
                                }
                            });
                        }

                        @Override
                        void stop() {
                            Neighbour.HANDLER.setFormatter(new java.util.logging.SimpleFormatter());
                        }
                    """),
            cleaned(
                    "log-level",
                    "LOG_HANDLER",
                    """
                        private static final class Loud extends java.util.logging.Level {
                            private static final long serialVersionUID = 1;

                            Loud() {
                                super("LEAK", 850);
                            }
                        }

                        @Override
                        void start() {
                            Neighbour.HANDLER.setLevel(new Loud());
                        }

                        @Override
                        void stop() {
                            Neighbour.HANDLER.setLevel(java.util.logging.Level.ALL);
                        }
                    """),
            cleaned(
                    "security-provider",
                    "SECURITY_PROVIDER",
                    """
                        private static final class Demo extends java.security.Provider {
                            private static final long serialVersionUID = 1;

                            Demo() {
                                super("Leak", "1", "nothing");
                            }
                        }

                        @Override
                        void start() {
                            java.security.Security.addProvider(new Demo());
                        }

                        @Override
                        void stop() {
                            java.security.Security.removeProvider("Leak");
                        }
                    """),
            cleaned(
                    "authenticator",
                    "URL_HANDLER",
                    """
                        @Override
                        void start() {
                            Authenticator.setDefault(new Authenticator() {});
                        }

                        @Override
                        void stop() {
                            Authenticator.setDefault(null);
                        }
                    """),
            cleaned(
                    "cookie-handler",
                    "URL_HANDLER",
                    """
                        @Override
                        void start() {
                            CookieHandler.setDefault(new CookieManager() {});
                        }

                        @Override
                        void stop() {
                            CookieHandler.setDefault(null);
                        }
                    """),
            found(
                    "proxy-selector",
                    "URL_HANDLER",
                    """
                        private final ProxySelector before = ProxySelector.getDefault();

                        @Override
                        void start() {
                            ProxySelector.setDefault(new ProxySelector() {
                                @Override
                                public List<java.net.Proxy> select(URI uri) {
                                    return List.of(java.net.Proxy.NO_PROXY);
                                }

                                @Override
                                public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                            });
                        }

                        @Override
                        void stop() {
                            ProxySelector.setDefault(before);
                        }
                    """),
            found(
                    "hostname-verifier",
                    "URL_HANDLER",
                    """
                        private final HostnameVerifier before = HttpsURLConnection.getDefaultHostnameVerifier();

                        @Override
                        void start() {
                            HttpsURLConnection.setDefaultHostnameVerifier((name, session) -> false);
                        }

                        @Override
                        void stop() {
                            HttpsURLConnection.setDefaultHostnameVerifier(before);
                        }
                    """),
            // It can be set once in the life of a JVM, and never taken back: done right, a URL has its own handler.
            found(
                    "url-stream-handler-factory",
                    "URL_HANDLER",
                    """
                        @Override
                        void start() throws Exception {
                            URLStreamHandler handler = new URLStreamHandler() {
                                @Override
                                protected URLConnection openConnection(URL url) throws IOException {
                                    throw new IOException("nothing there");
                                }
                            };
                            if (tidy) {
                                new URL(null, "leak:thing", handler);
                            } else {
                                URL.setURLStreamHandlerFactory(protocol -> protocol.equals("leak") ? handler : null);
                                new URL("leak:thing");
                            }
                        }
                    """),
            // Held softly by the JDK's cache, so harmless: it goes with a collection that clears soft references. In
            // this JVM
            // the next ones do; in others that may take long, and nobody is accused meanwhile.
            soft(
                    "resource-bundle",
                    """
                        public static final class Texts extends ListResourceBundle {
                            @Override
                            protected Object[][] getContents() {
                                return new Object[][] {{"hello", "Hello"}};
                            }
                        }

                        @Override
                        void start() {
                            ResourceBundle.getBundle("leak.Pattern$Texts", Locale.ROOT, Pattern.class.getClassLoader());
                        }

                        @Override
                        void stop() {
                            ResourceBundle.clearCache(Pattern.class.getClassLoader());
                        }
                    """),
            // The same: what the JDK remembers of beans it remembers softly.
            soft(
                    "introspector",
                    """
                        @Override
                        void start() throws Exception {
                            Introspector.getBeanInfo(Thing.class);
                        }

                        @Override
                        void stop() {
                            Introspector.flushCaches();
                        }
                    """),
            cleaned(
                    "class-value",
                    "CLASS_VALUE",
                    """
                        private static final ClassValue<Thing> THINGS = new ClassValue<>() {
                            @Override
                            protected Thing computeValue(Class<?> type) {
                                return new Thing();
                            }
                        };

                        @Override
                        void start() {
                            THINGS.get(String.class);
                        }

                        @Override
                        void stop() {
                            THINGS.remove(String.class);
                        }
                    """),
            // For a class that nobody thinks of: the JVM has no list of those there are.
            unseen(
                    "class-value-of-a-rare-class",
                    """
                        private static final ClassValue<Thing> THINGS = new ClassValue<>() {
                            @Override
                            protected Thing computeValue(Class<?> type) {
                                return new Thing();
                            }
                        };

                        @Override
                        void start() {
                            THINGS.get(java.util.concurrent.Phaser.class);
                        }

                        @Override
                        void stop() {
                            THINGS.remove(java.util.concurrent.Phaser.class);
                        }
                    """),
            cleaned(
                    "default-handler-of-uncaught-exceptions",
                    "JVM_DEFAULT",
                    """
                        private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

                        @Override
                        void start() {
                            Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
                        }

                        @Override
                        void stop() {
                            Thread.setDefaultUncaughtExceptionHandler(before);
                        }
                    """),
            cleaned(
                    "system-property",
                    "JVM_DEFAULT",
                    """
                        @Override
                        void start() {
                            System.getProperties().put("leak.thing", new Thing());
                        }

                        @Override
                        void stop() {
                            System.getProperties().remove("leak.thing");
                        }
                    """),
            cleaned(
                    "system-err",
                    "JVM_DEFAULT",
                    """
                        private static final class Tee extends PrintStream {
                            Tee(PrintStream to) {
                                super(to, true);
                            }
                        }

                        private final PrintStream before = System.err;

                        @Override
                        void start() {
                            System.setErr(new Tee(before));
                        }

                        @Override
                        void stop() {
                            System.setErr(before);
                        }
                    """));

    private RegistryPatterns() {}

    /** {@return a row that registers an object of its class {@code Demo}} */
    private static LeakPattern mbean(String name, String demo) {
        return cleaned(
                name,
                "MBEAN",
                demo
                        + """
                              private static final String NAME = "leak:type=%s";

                              @Override
                              void start() throws Exception {
                                  ManagementFactory.getPlatformMBeanServer().registerMBean(new Demo(), new ObjectName(NAME));
                              }

                              @Override
                              void stop() throws Exception {
                                  ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName(NAME));
                              }
                          """
                                .formatted(name));
    }
}

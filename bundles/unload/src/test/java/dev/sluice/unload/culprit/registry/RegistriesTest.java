package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.threads.ShutdownHooks;
import dev.sluice.unload.testing.Gone;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each leak is held, found, and gone after its clean-up, or after the bundle's own; each clean twin is left alone. */
class RegistriesTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** In the name that the JVM gives a lambda's class, which is another one with each start. */
    private static final String LAMBDA = "$$Lambda";

    record Leak(String title, Search search, Kind kind, String words, boolean cleaned, String body) {
        @Override
        public String toString() {
            return title;
        }
    }

    /** Every object of the fixture's that is asked for a text, a hash or its likeness fails. */
    private static final String QUIET = "public static class Quiet {"
            + "public String toString() { throw new AssertionError(); }"
            + "public int hashCode() { throw new AssertionError(); }"
            + "public boolean equals(Object o) { throw new AssertionError(); } }";

    static Stream<Leak> leaks() {
        return Stream.concat(common(), RarerLeaks.all());
    }

    private static Stream<Leak> common() {
        return Stream.of(
                new Leak(
                        "MBean",
                        new MBeans(),
                        Kind.MBEAN,
                        "acme:type=Thing (acme.Fixture$Thing)",
                        true,
                        mbean("new Thing()")),
                new Leak(
                        "MXBean",
                        new MBeans(),
                        Kind.MBEAN,
                        "acme:type=Thing (acme.Fixture$Thing2)",
                        true,
                        mbean("new Thing2()") + "public interface Thing2MXBean { int getOne(); }"
                                + "public static class Thing2 extends Quiet implements Thing2MXBean { public int getOne() { return 1; } }"),
                new Leak(
                        "StandardMBean",
                        new MBeans(),
                        Kind.MBEAN,
                        "acme:type=Thing (acme.Fixture$Thing)",
                        true,
                        mbean("new javax.management.StandardMBean(new Thing(), ThingMBean.class)")),
                new Leak(
                        "MBean with callbacks",
                        new MBeans(),
                        Kind.MBEAN,
                        "wants to be called",
                        false,
                        mbean("new Thing3()") + "public static class Thing3 extends Thing implements ThingMBean, "
                                + "javax.management.MBeanRegistration {"
                                + "public javax.management.ObjectName preRegister(javax.management.MBeanServer s, "
                                + "javax.management.ObjectName n) { return n; }"
                                + "public void postRegister(Boolean b) {} public void preDeregister() {} public void postDeregister() {} }"
                                + "public interface Thing3MBean extends ThingMBean {}"),
                new Leak(
                        "notification listener",
                        new MBeans(),
                        Kind.MBEAN,
                        "notification listener acme.Fixture$",
                        false,
                        "static final javax.management.NotificationListener L = new L();"
                                + "static class L implements javax.management.NotificationListener {"
                                + "public void handleNotification(javax.management.Notification n, Object o) {} }"
                                + "public static void leak() throws Exception { server().addNotificationListener(name(), L, null, null); }"
                                + "public static void undo() throws Exception { server().removeNotificationListener(name(), L); }"
                                + "static javax.management.MBeanServer server() { "
                                + "return java.lang.management.ManagementFactory.getPlatformMBeanServer(); }"
                                + "static javax.management.ObjectName name() throws Exception { "
                                + "return new javax.management.ObjectName(\"java.lang:type=Memory\"); }"),
                new Leak("driver", new Drivers(), Kind.JDBC_DRIVER, "acme.Fixture$D", true, driver("D")),
                new Leak(
                        "hook",
                        new ShutdownHooks(),
                        Kind.SHUTDOWN_HOOK,
                        "shutdown hook a lambda of acme.Fixture",
                        true,
                        "static final Thread T = new Thread(() -> {});"
                                + "public static void leak() { Runtime.getRuntime().addShutdownHook(T); }"
                                + "public static void undo() { Runtime.getRuntime().removeShutdownHook(T); }"),
                new Leak(
                        "hook of others",
                        new ShutdownHooks(),
                        Kind.SHUTDOWN_HOOK,
                        "of others",
                        true,
                        "static final Thread T = dev.sluice.unload.culprit.registry.HarmlessValue.hook();"
                                + "public static void leak() { T.setContextClassLoader(Fixture.class.getClassLoader());"
                                + "Runtime.getRuntime().addShutdownHook(T); }"
                                + "public static void undo() { Runtime.getRuntime().removeShutdownHook(T); }"),
                new Leak(
                        "log handler",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "acme.Fixture$H of the root logger",
                        true,
                        "static final java.util.logging.Handler L = new H();"
                                + "static class H extends java.util.logging.Handler { public void publish(java.util.logging.LogRecord r) {}"
                                + "public void flush() {} public void close() { throw new AssertionError(); } }"
                                + "public static void leak() { java.util.logging.Logger.getLogger(\"\").addHandler(L); }"
                                + "public static void undo() { java.util.logging.Logger.getLogger(\"\").removeHandler(L); }"),
                new Leak(
                        "log filter",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "filter a lambda of acme.Fixture",
                        true,
                        set(
                                "java.util.logging.Logger.getLogger(\"\").setFilter",
                                "(java.util.logging.Filter) r -> true",
                                "null")),
                new Leak(
                        "log level",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "level acme.Fixture$V",
                        true,
                        "static class V extends java.util.logging.Level { V() { super(\"V\", 820); } }"
                                + "public static void leak() { java.util.logging.Logger.getLogger(\"\").setLevel(new V()); }"
                                + "public static void undo() { "
                                + "java.util.logging.Logger.getLogger(\"\").setLevel(java.util.logging.Level.INFO); }"),
                new Leak(
                        "log formatter",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "acme.Fixture$F of handler",
                        false,
                        "static class F extends java.util.logging.SimpleFormatter {}"
                                + "static final java.util.logging.Handler H = java.util.logging.Logger.getLogger(\"\").getHandlers()[0];"
                                + "static final java.util.logging.Formatter OLD = H.getFormatter();"
                                + "public static void leak() { H.setFormatter(new F()); }"
                                + "public static void undo() { H.setFormatter(OLD); }"),
                new Leak(
                        "security provider",
                        new SecurityProviders(),
                        Kind.SECURITY_PROVIDER,
                        "\"AcmeP\" (acme.Fixture$P)",
                        true,
                        "static class P extends java.security.Provider { P() { super(\"AcmeP\", \"1\", \"\"); } }"
                                + "public static void leak() { java.security.Security.addProvider(new P()); }"
                                + "public static void undo() { java.security.Security.removeProvider(\"AcmeP\"); }"),
                new Leak(
                        "authenticator",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "Authenticator",
                        true,
                        set("java.net.Authenticator.setDefault", "new java.net.Authenticator() {}", "null")),
                new Leak(
                        "file names",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "FileNameMap",
                        true,
                        set("java.net.URLConnection.setFileNameMap", "(java.net.FileNameMap) n -> null", "null")),
                new Leak(
                        "cookies",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "CookieHandler",
                        true,
                        set("java.net.CookieHandler.setDefault", "new C()", "null")
                                + "static class C extends java.net.CookieManager {}"),
                new Leak(
                        "proxies",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "ProxySelector",
                        false,
                        "static final java.net.ProxySelector OLD = java.net.ProxySelector.getDefault();"
                                + set("java.net.ProxySelector.setDefault", "new S()", "OLD")
                                + "static class S extends java.net.ProxySelector {"
                                + "public java.util.List<java.net.Proxy> select(java.net.URI u) { return java.util.List.of(); }"
                                + "public void connectFailed(java.net.URI u, java.net.SocketAddress a, java.io.IOException e) {} }"),
                new Leak(
                        "host names",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "HostnameVerifier",
                        false,
                        "static final javax.net.ssl.HostnameVerifier OLD = javax.net.ssl.HttpsURLConnection.getDefaultHostnameVerifier();"
                                + set(
                                        "javax.net.ssl.HttpsURLConnection.setDefaultHostnameVerifier",
                                        "(n, s) -> true",
                                        "OLD")),
                new Leak(
                        "uncaught",
                        new Defaults(),
                        Kind.JVM_DEFAULT,
                        "uncaught exceptions",
                        true,
                        set("Thread.setDefaultUncaughtExceptionHandler", "(t, e) -> {}", "null")),
                new Leak(
                        "System.err",
                        new Defaults(),
                        Kind.JVM_DEFAULT,
                        "System.err, by acme.Fixture$O",
                        true,
                        "static class O extends java.io.OutputStream { public void write(int b) {} }"
                                + "static final java.io.PrintStream OLD = System.err;"
                                + set(
                                        "System.setErr",
                                        "new java.io.PrintStream(new java.io.BufferedOutputStream(new O()))",
                                        "OLD")),
                new Leak(
                        "property",
                        new Defaults(),
                        Kind.JVM_DEFAULT,
                        "system property \"acme\"",
                        true,
                        "public static void leak() { System.getProperties().put(\"acme\", new Quiet()); }"
                                + "public static void undo() { System.getProperties().remove(\"acme\"); }"),
                new Leak(
                        "ClassValue",
                        new Caches(),
                        Kind.CLASS_VALUE,
                        "for java.lang.String, a acme.Fixture$Quiet",
                        true,
                        "static final ClassValue<Quiet> V = new ClassValue<>() {"
                                + "protected Quiet computeValue(Class<?> c) { return new Quiet(); }"
                                + "public void remove(Class<?> c) { super.remove(c); } };"
                                + "public static void leak() { V.get(String.class); }"
                                + "public static void undo() { V.remove(String.class); }"),
                new Leak(
                        "resource bundle",
                        new Caches(),
                        Kind.CACHE,
                        "resource bundles",
                        true,
                        "public static class R extends java.util.ListResourceBundle { public R() {}"
                                + "protected Object[][] getContents() { return new Object[][] {{\"a\", new Quiet()}}; } }"
                                + "public static void leak() { java.util.ResourceBundle.getBundle(\"acme.Fixture$R\"); }"
                                + "public static void undo() { java.util.ResourceBundle.clearCache(Fixture.class.getClassLoader()); }"));
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void leakIsHeldFoundAndGoneOnceCleanedUp(Leak leak) throws Exception {
        WeakReference<ClassLoader> left = leaked(leak);
        assertThat(Gone.within(Duration.ofMillis(300), left)).as("it holds").isFalse();
        foundAndCleaned(leak, left);
        assertThat(Gone.within(LONG, left)).as("it has gone").isTrue();
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void cleanTwinIsNotAccused(Leak leak) throws Exception {
        FixtureLoader loader = FixtureLoader.of(leak.body() + QUIET);
        loader.call("leak");
        loader.call("undo");
        assertThat(leak.search().search(new Suspect(loader, "acme"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void anothersIsLeftAlone(Leak leak) throws Exception {
        FixtureLoader loader = FixtureLoader.of(leak.body() + QUIET);
        loader.call("leak");
        try {
            assertThat(leak.search().search(new Suspect(FixtureLoader.of(QUIET), "other")))
                    .isEmpty();
        } finally {
            loader.call("undo");
        }
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void hookOfOthersThatWasMadeInACallIsFoundAndForgetsIt() throws Exception {
        leakIsHeldFoundAndGoneOnceCleanedUp(new Leak(
                "hook made in a call",
                new ShutdownHooks(),
                Kind.SHUTDOWN_HOOK,
                "shutdown hook java.lang.Thread of others was made in a call of the bundle's",
                true,
                "static Thread hook;"
                        + "public static void leak() { hook = new Thread((Runnable) null);"
                        + "Runtime.getRuntime().addShutdownHook(hook); }"
                        + "public static void undo() { Runtime.getRuntime().removeShutdownHook(hook); }"));
    }

    /** A logger takes a resource bundle only once, so there is no way back, and no clean twin. */
    @Test
    void resourceBundleOfALoggerThatIsKeptIsNamed() throws Exception {
        FixtureLoader loader = FixtureLoader.of("public static class R extends java.util.ListResourceBundle {"
                + "protected Object[][] getContents() { return new Object[0][]; }"
                + "public String getBaseBundleName() { return \"acme.R\"; } }"
                + "public static void leak(java.util.logging.Logger l) { l.setResourceBundle(new R()); }");
        Logger kept = Logger.getLogger("kept-by-others");
        assertThat(new LogHandlers().search(new Suspect(loader, "acme"))).isEmpty();
        loader.call("leak", kept);
        assertThat(new LogHandlers().search(new Suspect(loader, "acme")))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.culprit().what())
                            .isEqualTo("resource bundle acme.Fixture$R of logger \"kept-by-others\"");
                    assertThat(finding.cleaning()).isEmpty();
                });
        assertThat(kept.getResourceBundle()).isNotNull();
    }

    private static WeakReference<ClassLoader> leaked(Leak leak) throws Exception {
        FixtureLoader loader = FixtureLoader.of(leak.body() + QUIET);
        loader.call("leak");
        return new WeakReference<>(loader);
    }

    private static void foundAndCleaned(Leak leak, WeakReference<ClassLoader> left) throws Exception {
        FixtureLoader loader = (FixtureLoader) left.get();
        Suspect suspect = new Suspect(loader, "acme");
        List<Finding> found = leak.search().search(suspect);
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.culprit().kind()).isEqualTo(leak.kind());
            assertThat(finding.culprit().what()).contains(leak.words()).doesNotContain(LAMBDA);
            assertThat(finding.cleaning().isPresent()).isEqualTo(leak.cleaned());
        });
        if (leak.cleaned()) {
            assertThat(found.get(0).cleaning().orElseThrow().clean())
                    .isNotBlank()
                    .doesNotContain(LAMBDA);
        } else {
            loader.call("undo");
        }
        assertThat(leak.search().search(suspect)).isEmpty();
    }

    private static String set(String setter, String value, String before) {
        return "public static void leak() { " + setter + "(" + value + "); } public static void undo() { " + setter
                + "(" + before + "); }";
    }

    private static String mbean(String object) {
        return "public interface ThingMBean { int getOne(); }"
                + "public static class Thing extends Quiet implements ThingMBean { public int getOne() { return 1; } }"
                + "static javax.management.MBeanServer server() { "
                + "return java.lang.management.ManagementFactory.getPlatformMBeanServer(); }"
                + "static javax.management.ObjectName name() throws Exception { "
                + "return new javax.management.ObjectName(\"acme:type=Thing\"); }"
                + "public static void leak() throws Exception { server().registerMBean(" + object + ", name()); }"
                + "public static void undo() throws Exception { server().unregisterMBean(name()); }";
    }

    private static String driver(String name) {
        return "public static class " + name + " extends dev.sluice.unload.testing.NoDriver {}"
                + "static boolean undoing;"
                + "static final java.sql.Driver L = new " + name + "();"
                + "public static void leak() throws Exception { java.sql.DriverManager.registerDriver(L, () -> "
                + "{ if (!undoing) { throw new AssertionError(); } }); }"
                + "public static void undo() throws Exception { "
                + "undoing = true; java.sql.DriverManager.deregisterDriver(L); }";
    }
}

package dev.sluice.unload.culprit.registry;

import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.registry.RegistriesTest.Leak;
import java.util.stream.Stream;

/** What a bundle leaves more rarely. */
final class RarerLeaks {

    private static final String OTHERS = "dev.sluice.unload.culprit.registry.HarmlessValue.";
    private static final String HANDLER =
            "static final java.util.logging.Handler H = java.util.logging.Logger.getLogger(\"\").getHandlers()[0];";
    private static final String MEMORY = "static javax.management.MBeanServer server() { "
            + "return java.lang.management.ManagementFactory.getPlatformMBeanServer(); }"
            + "static javax.management.ObjectName name() throws Exception { "
            + "return new javax.management.ObjectName(\"java.lang:type=Memory\"); }"
            + "public static void undo() throws Exception { server().removeNotificationListener(name(), " + OTHERS
            + "LISTENER); }";
    private static final String BEAN =
            "public static class B { public int getOne() { return 1; } public void setOne(int i) {} }";

    private RarerLeaks() {}

    static Stream<Leak> all() {
        return Stream.of(databases(), logs(), beans(), network(), streams()).flatMap(all -> all);
    }

    private static Stream<Leak> databases() {
        return Stream.of(
                named(
                        "driver action of another's driver",
                        new Drivers(),
                        Kind.JDBC_DRIVER,
                        "DriverAction a lambda of acme.Fixture",
                        "static boolean undoing;"
                                + "public static void leak() throws Exception { java.sql.DriverManager.registerDriver("
                                + OTHERS
                                + "DRIVER, () -> { if (!undoing) { throw new AssertionError(); } }); }"
                                + "public static void undo() throws Exception { undoing = true; "
                                + "java.sql.DriverManager.deregisterDriver(" + OTHERS + "DRIVER); }"),
                named(
                        "log writer",
                        new Drivers(),
                        Kind.JDBC_DRIVER,
                        "log writer of DriverManager, a acme.Fixture$W",
                        "static class W extends java.io.PrintWriter { W() { super(java.io.OutputStream.nullOutputStream()); } }"
                                + set("java.sql.DriverManager.setLogWriter", "new W()", "null")),
                named(
                        "notification filter",
                        new MBeans(),
                        Kind.MBEAN,
                        "notification filter a lambda of acme.Fixture",
                        "public static void leak() throws Exception { server().addNotificationListener(name(), "
                                + OTHERS + "LISTENER, n -> true, null); }" + MEMORY),
                named(
                        "notification handback",
                        new MBeans(),
                        Kind.MBEAN,
                        "notification handback acme.Fixture$Quiet",
                        "public static void leak() throws Exception { server().addNotificationListener(name(), "
                                + OTHERS + "LISTENER, null, new Quiet()); }" + MEMORY));
    }

    private static Stream<Leak> logs() {
        return Stream.of(
                cleaned(
                        "filter of a handler",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "of handler java.util.logging.ConsoleHandler",
                        HANDLER + set("H.setFilter", "r -> true", "null")),
                cleaned(
                        "level of a handler",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "level acme.Fixture$V of handler",
                        HANDLER + "static final java.util.logging.Level OLD = H.getLevel();"
                                + "static class V extends java.util.logging.Level { V() { super(\"HLV\", 822); } }"
                                + set("H.setLevel", "new V()", "OLD")),
                named(
                        "error manager",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "acme.Fixture$E of handler",
                        HANDLER + "static final java.util.logging.ErrorManager OLD = H.getErrorManager();"
                                + "static class E extends java.util.logging.ErrorManager {}"
                                + set("H.setErrorManager", "new E()", "OLD")),
                named(
                        "handler with an equals of its own",
                        new LogHandlers(),
                        Kind.LOG_HANDLER,
                        "with an equals of its own",
                        "static boolean undoing; static final java.util.logging.Handler L = new H();"
                                + "static class H extends java.util.logging.Handler { public void publish(java.util.logging.LogRecord r) {}"
                                + "public int hashCode() { return 1; } public boolean equals(Object o) { "
                                + "if (!undoing) { throw new AssertionError(); } return o == this; }"
                                + "public void flush() {} public void close() {} }"
                                + "public static void leak() { java.util.logging.Logger.getLogger(\"\").addHandler(L); }"
                                + "public static void undo() { undoing = true; "
                                + "java.util.logging.Logger.getLogger(\"\").removeHandler(L); }"));
    }

    private static Stream<Leak> beans() {
        String flush = "public static void undo() throws Exception { java.beans.Introspector.flushCaches(); }";
        return Stream.of(
                cleaned(
                        "bean information",
                        new Caches(),
                        Kind.CACHE,
                        "what the JVM remembers of",
                        BEAN
                                + "public static void leak() throws Exception { java.beans.Introspector.getBeanInfo(B.class); }"
                                + flush),
                cleaned(
                        "bean information with descriptors of its own",
                        new Caches(),
                        Kind.CACHE,
                        "what the JVM remembers of",
                        BEAN
                                + "public static class D extends java.beans.PropertyDescriptor { public D() throws Exception { "
                                + "super(\"one\", B.class); } }"
                                + "public static class BBeanInfo extends java.beans.SimpleBeanInfo { "
                                + "public java.beans.PropertyDescriptor[] getPropertyDescriptors() { try { "
                                + "return new java.beans.PropertyDescriptor[] {new D()}; } "
                                + "catch (Exception e) { throw new IllegalStateException(e); } } }"
                                + "public static void leak() throws Exception { java.beans.Introspector.getBeanInfo(B.class); }"
                                + flush),
                cleaned(
                        "bean information of another group of threads",
                        new Caches(),
                        Kind.CACHE,
                        "what the JVM remembers of",
                        BEAN + "public static void leak() throws Exception { " + OTHERS
                                + "inAnotherGroup(() -> java.beans.Introspector.getBeanInfo(B.class)); }"
                                + "public static void undo() throws Exception { " + OTHERS
                                + "inAnotherGroup(() -> { java.beans.Introspector.flushCaches(); return null; }); }"),
                cleaned(
                        "method found for a statement",
                        new Caches(),
                        Kind.CACHE,
                        "what the JVM remembers of",
                        BEAN + "public static void leak() throws Exception { "
                                + "new java.beans.Statement(new B(), \"setOne\", new Object[] {1}).execute(); }"
                                + "public static void undo() throws Exception { " + OTHERS + "forgetMethods(); "
                                + "java.beans.Introspector.flushCaches(); }"));
    }

    private static Stream<Leak> network() {
        String stream = "static class S extends java.net.URLStreamHandler { "
                + "protected java.net.URLConnection openConnection(java.net.URL u) { return null; } }";
        return Stream.of(
                cleaned(
                        "cached stream handler",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "URLStreamHandler acme.Fixture$S for \"acme\"",
                        stream + table("java.net.URL", "new S()")),
                cleaned(
                        "cached content handler",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "ContentHandler acme.Fixture$C for \"acme\"",
                        "static class C extends java.net.ContentHandler { public Object getContent(java.net.URLConnection c) { return null; } }"
                                + table("java.net.URLConnection", "new C()")),
                named(
                        "stream handler factory",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default URLStreamHandlerFactory, ",
                        factory("java.net.URL", "(java.net.URLStreamHandlerFactory) p -> null")),
                named(
                        "content handler factory",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default ContentHandlerFactory, ",
                        factory("java.net.URLConnection", "(java.net.ContentHandlerFactory) p -> null")),
                cleaned(
                        "responses",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default ResponseCache, acme.Fixture$R",
                        "static class R extends java.net.ResponseCache { "
                                + "public java.net.CacheResponse get(java.net.URI u, String m, java.util.Map<String, java.util.List<String>> h) { return null; }"
                                + "public java.net.CacheRequest put(java.net.URI u, java.net.URLConnection c) { return null; } }"
                                + set("java.net.ResponseCache.setDefault", "new R()", "null")),
                named(
                        "socket factory",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default SSLSocketFactory, acme.Fixture$F",
                        "static final javax.net.ssl.SSLSocketFactory OLD = javax.net.ssl.HttpsURLConnection.getDefaultSSLSocketFactory();"
                                + "static class F extends javax.net.ssl.SSLSocketFactory {"
                                + "public String[] getDefaultCipherSuites() { return null; } public String[] getSupportedCipherSuites() { return null; }"
                                + "public java.net.Socket createSocket(java.net.Socket s, String h, int p, boolean c) { return null; }"
                                + "public java.net.Socket createSocket(String h, int p) { return null; }"
                                + "public java.net.Socket createSocket(String h, int p, java.net.InetAddress a, int q) { return null; }"
                                + "public java.net.Socket createSocket(java.net.InetAddress h, int p) { return null; }"
                                + "public java.net.Socket createSocket(java.net.InetAddress h, int p, java.net.InetAddress a, int q) { return null; } }"
                                + set("javax.net.ssl.HttpsURLConnection.setDefaultSSLSocketFactory", "new F()", "OLD")),
                named(
                        "TLS context",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default SSLContext, acme.Fixture$C",
                        "static final javax.net.ssl.SSLContext OLD = " + OTHERS + "tls();"
                                + "static class C extends javax.net.ssl.SSLContext { C() { super(null, null, \"acme\"); } }"
                                + set("javax.net.ssl.SSLContext.setDefault", "new C()", "OLD")),
                named(
                        "TLS context of others with its implementation",
                        new UrlHandlers(),
                        Kind.URL_HANDLER,
                        "default SSLContext's implementation, acme.Fixture$I",
                        "static final javax.net.ssl.SSLContext OLD = " + OTHERS + "tls();"
                                + "static class I extends javax.net.ssl.SSLContextSpi {"
                                + "protected void engineInit(javax.net.ssl.KeyManager[] k, javax.net.ssl.TrustManager[] t, java.security.SecureRandom r) {}"
                                + "protected javax.net.ssl.SSLSocketFactory engineGetSocketFactory() { return null; }"
                                + "protected javax.net.ssl.SSLServerSocketFactory engineGetServerSocketFactory() { return null; }"
                                + "protected javax.net.ssl.SSLEngine engineCreateSSLEngine() { return null; }"
                                + "protected javax.net.ssl.SSLEngine engineCreateSSLEngine(String h, int p) { return null; }"
                                + "protected javax.net.ssl.SSLSessionContext engineGetServerSessionContext() { return null; }"
                                + "protected javax.net.ssl.SSLSessionContext engineGetClientSessionContext() { return null; } }"
                                + set("javax.net.ssl.SSLContext.setDefault", OTHERS + "tls(new I())", "OLD")));
    }

    private static Stream<Leak> streams() {
        return Stream.of(named(
                "System.in",
                new Defaults(),
                Kind.JVM_DEFAULT,
                "System.in, by acme.Fixture$I",
                "static class I extends java.io.InputStream { public int read() { return -1; } }"
                        + "static final java.io.InputStream OLD = System.in;"
                        + set("System.setIn", "new java.io.BufferedInputStream(new I())", "OLD")));
    }

    private static String table(String owner, String value) {
        return "public static void leak() throws Exception { " + OTHERS + "table(" + owner + ".class).put(\"acme\", "
                + value + "); } public static void undo() throws Exception { " + OTHERS + "table(" + owner
                + ".class).remove(\"acme\"); }";
    }

    /** Set past the method, which may be called once in a JVM. */
    private static String factory(String owner, String value) {
        return "static Object old; public static void leak() throws Exception { old = " + OTHERS + "factory(" + owner
                + ".class, " + value + "); } public static void undo() throws Exception { " + OTHERS + "factory("
                + owner + ".class, old); }";
    }

    private static String set(String setter, String value, String before) {
        return "public static void leak() throws Exception { " + setter + "(" + value + "); }"
                + "public static void undo() throws Exception { " + setter + "(" + before + "); }";
    }

    private static Leak named(String title, Search search, Kind kind, String words, String body) {
        return new Leak(title, search, kind, words, false, body);
    }

    private static Leak cleaned(String title, Search search, Kind kind, String words, String body) {
        return new Leak(title, search, kind, words, true, body);
    }
}

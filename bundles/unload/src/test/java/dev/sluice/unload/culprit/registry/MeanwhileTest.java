package dev.sluice.unload.culprit.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.FileNameMap;
import java.net.ResponseCache;
import java.net.URLConnection;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Filter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the next version has set between the search and the clean-up stays. */
public class MeanwhileTest {

    private static final Handler HANDLER = new Handler() {
        @Override
        public void publish(java.util.logging.LogRecord record) {}

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    record Swap(String title, Search search, String leak, Executable next, Callable<Boolean> kept, Executable after) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Swap> swaps() throws Exception {
        Authenticator authenticator = new Authenticator() {};
        CookieManager cookies = new CookieManager();
        ResponseCache responses = new OthersCache();
        FileNameMap names = name -> null;
        Thread.UncaughtExceptionHandler uncaught = (thread, thrown) -> {};
        PrintStream err = System.err;
        PrintStream other = new PrintStream(OutputStream.nullOutputStream());
        Filter filter = record -> true;
        Logger logger = Logger.getLogger("meanwhile");
        logger.addHandler(HANDLER);
        Provider provider = new OthersProvider();
        ObjectName name = new ObjectName("acme:type=Meanwhile");
        var server = ManagementFactory.getPlatformMBeanServer();
        String log = "java.util.logging.Logger.getLogger(\"meanwhile\")";
        return Stream.of(
                swap(
                        "Authenticator",
                        new UrlHandlers(),
                        "java.net.Authenticator.setDefault(new java.net.Authenticator() {});",
                        () -> Authenticator.setDefault(authenticator),
                        () -> Authenticator.getDefault() == authenticator,
                        () -> Authenticator.setDefault(null)),
                swap(
                        "CookieHandler",
                        new UrlHandlers(),
                        "java.net.CookieHandler.setDefault(new java.net.CookieManager() {});",
                        () -> CookieHandler.setDefault(cookies),
                        () -> CookieHandler.getDefault() == cookies,
                        () -> CookieHandler.setDefault(null)),
                swap(
                        "ResponseCache",
                        new UrlHandlers(),
                        "java.net.ResponseCache.setDefault(new dev.sluice.unload.culprit.registry.MeanwhileTest.OthersCache() {});",
                        () -> ResponseCache.setDefault(responses),
                        () -> ResponseCache.getDefault() == responses,
                        () -> ResponseCache.setDefault(null)),
                swap(
                        "FileNameMap",
                        new UrlHandlers(),
                        "java.net.URLConnection.setFileNameMap(n -> null);",
                        () -> URLConnection.setFileNameMap(names),
                        () -> URLConnection.getFileNameMap() == names,
                        () -> URLConnection.setFileNameMap(null)),
                swap(
                        "handler of uncaught exceptions",
                        new Defaults(),
                        "Thread.setDefaultUncaughtExceptionHandler((t, e) -> {});",
                        () -> Thread.setDefaultUncaughtExceptionHandler(uncaught),
                        () -> Thread.getDefaultUncaughtExceptionHandler() == uncaught,
                        () -> Thread.setDefaultUncaughtExceptionHandler(null)),
                swap(
                        "System.err",
                        new Defaults(),
                        "System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {});",
                        () -> System.setErr(other),
                        () -> System.err == other,
                        () -> System.setErr(err)),
                swap(
                        "filter of a logger",
                        new LogHandlers(),
                        log + ".setFilter(r -> true);",
                        () -> logger.setFilter(filter),
                        () -> logger.getFilter() == filter,
                        () -> logger.setFilter(null)),
                swap(
                        "level of a logger",
                        new LogHandlers(),
                        log + ".setLevel(new java.util.logging.Level(\"MV\", 823) {});",
                        () -> logger.setLevel(Level.FINE),
                        () -> logger.getLevel() == Level.FINE,
                        () -> logger.setLevel(null)),
                swap(
                        "filter of a handler",
                        new LogHandlers(),
                        log + ".getHandlers()[0].setFilter(r -> true);",
                        () -> HANDLER.setFilter(filter),
                        () -> HANDLER.getFilter() == filter,
                        () -> HANDLER.setFilter(null)),
                swap(
                        "level of a handler",
                        new LogHandlers(),
                        log + ".getHandlers()[0].setLevel(new java.util.logging.Level(\"MV\", 824) {});",
                        () -> HANDLER.setLevel(Level.FINE),
                        () -> HANDLER.getLevel() == Level.FINE,
                        () -> HANDLER.setLevel(Level.ALL)),
                swap(
                        "provider",
                        new SecurityProviders(),
                        "java.security.Security.addProvider(new java.security.Provider(\"AcmeM\", \"1\", \"\") {});",
                        () -> {
                            Security.removeProvider("AcmeM");
                            Security.addProvider(provider);
                        },
                        () -> Arrays.asList(Security.getProviders()).contains(provider),
                        () -> Security.removeProvider("AcmeM")),
                swap(
                        "MBean",
                        new MBeans(),
                        "java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean("
                                + "new javax.management.StandardMBean(() -> {}, Runnable.class), "
                                + "new javax.management.ObjectName(\"acme:type=Meanwhile\"));",
                        () -> {
                            server.unregisterMBean(name);
                            server.registerMBean(new StandardMBean(() -> {}, Runnable.class), name);
                        },
                        () -> server.isRegistered(name),
                        () -> server.unregisterMBean(name)));
    }

    @ParameterizedTest
    @MethodSource("swaps")
    void whatIsSetMeanwhileStays(Swap swap) throws Throwable {
        FixtureLoader loader = FixtureLoader.of("public static void leak() throws Exception { " + swap.leak() + " }");
        loader.call("leak");
        List<Finding> found = swap.search().search(new Suspect(loader, "acme"));
        assertThat(found).hasSize(1);
        swap.next().execute();
        try {
            assertThat(found.get(0).cleaning().orElseThrow().clean()).startsWith("found ");
            assertThat(swap.kept().call()).isTrue();
        } finally {
            swap.after().execute();
        }
    }

    @Test
    void aStreamWithinThatOfOthersIsOnlyNamed() throws Exception {
        PrintStream before = System.err;
        FixtureLoader loader = FixtureLoader.of("public static void leak() {"
                + " System.setErr(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()) {}); }");
        loader.call("leak");
        try {
            PrintStream top = new PrintStream(System.err, true);
            System.setErr(top);

            List<Finding> found = new Defaults().search(new Suspect(loader, "acme"));

            assertThat(found).singleElement().satisfies(finding -> {
                assertThat(finding.culprit().what())
                        .startsWith("System.err, by ")
                        .endsWith(" within java.io.PrintStream");
                assertThat(finding.cleaning()).isEmpty();
            });
            assertThat(System.err).isSameAs(top);
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void aStreamAroundThatOfOthersGivesItBack() throws Exception {
        PrintStream before = System.err;
        PrintStream others = new PrintStream(before, true) {};
        FixtureLoader loader = FixtureLoader.of("public static void leak() {"
                + " System.setErr(new java.io.PrintStream(new java.io.BufferedOutputStream(System.err)) {}); }");
        System.setErr(others);
        try {
            loader.call("leak");
            List<Finding> found = new Defaults().search(new Suspect(loader, "acme"));

            assertThat(found.get(0).cleaning().orElseThrow().clean()).startsWith("set back System.err");
            assertThat(System.err).isSameAs(others);
        } finally {
            System.setErr(before);
        }
    }

    private static Swap swap(
            String title, Search search, String leak, Executable next, Callable<Boolean> kept, Executable after) {
        return new Swap(title, search, leak, next, kept, after);
    }

    /** A cache that has nothing. */
    public static class OthersCache extends ResponseCache {

        @Override
        public java.net.CacheResponse get(
                java.net.URI uri, String method, java.util.Map<String, List<String>> headers) {
            return null;
        }

        @Override
        public java.net.CacheRequest put(java.net.URI uri, URLConnection connection) {
            return null;
        }
    }

    private static final class OthersProvider extends Provider {

        private static final long serialVersionUID = 1L;

        OthersProvider() {
            super("AcmeM", "2", "");
        }
    }
}

package dev.sluice.itests.leak;

import dev.sluice.itests.fixture.TestBundle;

/** Makes the bundles of the table. */
final class LeakBundles {

    private static final String PATTERN =
            """
            package leak;

            import fixture.*;
            import jakarta.servlet.*;
            import jakarta.servlet.http.*;
            import java.beans.*;
            import java.io.*;
            import java.lang.management.*;
            import java.lang.ref.*;
            import java.lang.reflect.*;
            import java.net.*;
            import java.net.http.HttpClient;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.concurrent.locks.*;
            import javax.management.*;
            import javax.net.ssl.*;
            import neighbour.Neighbour;
            import org.osgi.framework.*;

            public final class Pattern extends Row {
            MEMBERS
            }
            """;

    private LeakBundles() {}

    /** {@return the library that the rows leave things in} */
    static TestBundle neighbour() {
        return TestBundle.of("test.neighbour", "1.0.0")
                .header("Bundle-Activator", "neighbour.Neighbour")
                .header("Export-Package", "neighbour;version=1.0.0")
                .imports("org.osgi.framework")
                .fixture("neighbour.Neighbour");
    }

    /** {@return the symbolic name of a row's bundle} */
    static String symbolicName(LeakPattern pattern) {
        return "leak." + pattern.name();
    }

    /**
     * Makes the bundle of a row.
     *
     * @param version its version, which it writes on answers
     * @param clean whether it is the clean twin
     */
    static byte[] jar(LeakPattern pattern, String version, boolean clean) {
        return TestBundle.of(symbolicName(pattern), version)
                .header("Bundle-Activator", "leak.Activator")
                .header("Leak-Name", pattern.name())
                .header("Leak-Twin", clean ? "clean" : "leaky")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("javax.management")
                .imports("javax.net.ssl")
                .imports("com.sun.net.httpserver;resolution:=optional")
                .imports("org.osgi.framework")
                .imports("org.slf4j")
                .imports("org.apache.log4j;resolution:=optional")
                .imports("neighbour")
                .uses(neighbour())
                .fixture("fixture.NoDriver")
                .fixture("fixture.NoHandler")
                .fixture("leak.Row")
                .fixture("leak.Thing")
                .fixture("leak.Activator")
                .source("leak.Pattern", PATTERN.replace("MEMBERS", pattern.source()))
                .jar();
    }
}

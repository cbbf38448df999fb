package dev.sluice.itests.fault;

import dev.sluice.itests.fixture.TestBundle;

/** The bundles that stand on the stage and have to come through every fault unharmed. */
final class StageBundles {

    static final String APPLICATION = "test.stage.application";
    static final String VAULT = "test.stage.vault";
    static final String PAIR = "test.stage.pair";
    static final String DENIER = "test.stage.denier";

    private static final String FILLER = "0123456789abcdef".repeat(128);

    private StageBundles() {}

    /** {@return a servlet that says in its answer what was asked and which middleware had marked the request} */
    static byte[] application() {
        return servlet(
                APPLICATION,
                "/app/*",
                """
                response.setHeader("X-application", "1");
                response.getWriter().print(request.getRequestURI() + "?" + request.getQueryString()
                        + " marked by" + request.getAttribute("marks") + "\\n%s\\n");
                """
                        .formatted(FILLER));
    }

    /** {@return what that servlet answers when both middleware of a version have run} */
    static String answer(String path, String query, String version) {
        return path + "?" + query + " marked by first " + version + " second " + version + "\n" + FILLER + "\n";
    }

    /** {@return a servlet that nobody may reach} */
    static byte[] vault() {
        return servlet(
                VAULT,
                "/forbidden/*",
                """
                response.setHeader("X-vault", "open");
                response.getWriter().print("the vault is open");
                """);
    }

    /** {@return two middleware of one bundle: a request that sees them in two versions is a mixed one} */
    static TestBundle pair(String version) {
        return TestBundle.of(PAIR, version)
                .middleware("first", "/app/*", 100, "mark")
                .middleware("second", "/app/*", 50, "mark");
    }

    /** {@return a fail-closed middleware that denies everything on its path} */
    static byte[] denier() {
        return TestBundle.of(DENIER, "1.0.0")
                .middleware("denier", "/forbidden/*", 1000, "deny")
                .jar();
    }

    private static byte[] servlet(String symbolicName, String pattern, String body) {
        return TestBundle.of(symbolicName, "1.0.0")
                .header("Bundle-Activator", "stage.Activator")
                .imports("org.osgi.framework")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .source(
                        "stage.Activator",
                        """
                        package stage;

                        import jakarta.servlet.Servlet;
                        import jakarta.servlet.http.*;
                        import java.io.IOException;
                        import java.util.Hashtable;
                        import org.osgi.framework.*;

                        public final class Activator implements BundleActivator {
                            public void start(BundleContext context) {
                                Hashtable<String, Object> properties = new Hashtable<>();
                                properties.put("osgi.http.whiteboard.servlet.pattern", "%s");
                                properties.put("osgi.http.whiteboard.servlet.asyncSupported", true);
                                properties.put("osgi.http.whiteboard.target", "(org.apache.felix.http.name=sluice-data)");
                                context.registerService(Servlet.class, new HttpServlet() {
                                    protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                            throws IOException {
                                        response.setContentType("text/plain");
                                        %s
                                    }
                                }, properties);
                            }

                            public void stop(BundleContext context) {}
                        }
                        """
                                .formatted(pattern, body))
                .jar();
    }
}

package dev.sluice.itests.model;

import dev.sluice.itests.fixture.TestBundle;
import java.util.List;
import java.util.stream.Collectors;

/** The bundles of the model: each brings one middleware, or two. */
enum Kind {
    DENY(true, new Named("deny", 400, "/app/forbidden/*", false)),
    AUTH(false, new Named("auth", 300, "/app/*", false)),
    PAIR(false, new Named("left", 200, "/app/*", false), new Named("right", 100, "/app/*", false)),
    TRACE(false, new Named("trace", 50, "/app/*", true));

    /** A middleware, as its author describes it. */
    record Named(String name, int ranking, String path, boolean open) {}

    private final boolean denies;
    private final List<Named> names;

    Kind(boolean denies, Named... names) {
        this.denies = denies;
        this.names = List.of(names);
    }

    boolean denies() {
        return denies;
    }

    List<Named> names() {
        return names;
    }

    String symbolicName() {
        return "test." + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** {@return the bundle's JAR; the same for the same content} */
    byte[] jar(Content content) {
        return TestBundle.of(symbolicName(), content.osgiVersion())
                .header("Bundle-Activator", "fixture.Trail")
                .header(
                        "Trail-Middleware",
                        names.stream()
                                .map(one -> one.name + "|" + one.ranking + "|" + one.path + "|"
                                        + (one.open ? "open" : "closed"))
                                .collect(Collectors.joining(", ")))
                .header("Trail-Fault", content.fault().name())
                .header("Trail-Denies", Boolean.toString(denies))
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("org.apache.felix.hc.api")
                .imports("org.osgi.framework")
                .fixture("fixture.Trail")
                .jar();
    }

    /** {@return the bundle with the servlet at the end of the chain} */
    static byte[] application() {
        return TestBundle.of("test.application", "1.0.0")
                .header("Bundle-Activator", "fixture.Application")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("org.osgi.framework")
                .fixture("fixture.Trail")
                .fixture("fixture.Application")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .imports("org.apache.felix.hc.api")
                .jar();
    }
}

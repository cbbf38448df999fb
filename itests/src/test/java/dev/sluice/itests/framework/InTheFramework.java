package dev.sluice.itests.framework;

import static org.junit.Assert.assertEquals;

import dev.sluice.chain.Operator;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceReference;

/** What a test does inside the framework: installs bundles, and sends requests to the data listener. */
final class InTheFramework {

    private final BundleContext context;
    private final Client client = Client.anonymous();
    private final URI data;

    private InTheFramework(BundleContext context, URI data) {
        this.context = context;
        this.data = data;
    }

    /** {@return it, once the data listener admits requests} */
    static InTheFramework ready(BundleContext context) {
        URI data = Await.value("data listener", () -> endpoint(context, "sluice-data"));
        InTheFramework framework = new InTheFramework(context, data);
        Await.until(() -> assertEquals(404, framework.get("/nothing-is-here").statusCode()));
        return framework;
    }

    HttpResponse<String> get(String path) {
        return client.get(data.resolve(path));
    }

    URI data(String path) {
        return data.resolve(path);
    }

    Bundle start(String fixture) throws BundleException, IOException {
        Bundle bundle = install(fixture);
        bundle.start();
        return bundle;
    }

    Bundle install(String fixture) throws BundleException, IOException {
        try (var in = Files.newInputStream(fixture(fixture))) {
            return context.installBundle("test:" + fixture + System.nanoTime(), in);
        }
    }

    Path fixture(String name) {
        return Path.of(context.getProperty(Container.FIXTURES), name);
    }

    Bundle bundle(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> symbolicName.equals(bundle.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bundle " + symbolicName));
    }

    /** Takes a bundle away as an operator does: its places go with it. */
    void remove(Bundle bundle) throws BundleException {
        try (Operator.Mark mark = Operator.mark("admin")) {
            bundle.uninstall();
        }
    }

    /** Waits until a path is answered with a status. */
    void awaitStatus(int status, String path) {
        Await.until(() -> assertEquals(path, status, get(path).statusCode()));
    }

    private static Optional<URI> endpoint(BundleContext context, String listener) throws Exception {
        ServiceReference<?>[] found = context.getAllServiceReferences(
                "org.osgi.service.servlet.runtime.HttpServiceRuntime", "(org.apache.felix.http.name=" + listener + ")");
        if (found == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(found[0].getProperty("org.osgi.service.http.port"))
                .map(port -> URI.create("http://127.0.0.1:" + port + "/"));
    }
}

package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.bundle.BundleJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A container's home, before and while it runs. */
public record SluiceHome(Path path) {

    /** The listener whose requests go through the chain. */
    static final String TARGET = "(org.apache.felix.http.name=sluice-data)";

    /** {@return a file in the deploy folder, which is made if it isn't there} */
    public Path deploy(String file) throws IOException {
        return Files.createDirectories(path.resolve("deploy")).resolve(file);
    }

    /** Puts a bundle there with a servlet, at the end of the chain, that answers from memory. */
    public void deployEndpoint() throws IOException {
        new BundleJar("benchmark.endpoint", "1.0.0").endpoint(deploy("endpoint.jar"), TARGET);
    }

    /** Puts a bundle there with that servlet alone: for a container that has what takes the time. */
    public void deployServlet() throws IOException {
        new BundleJar("benchmark.endpoint", "1.0.0").servlet(deploy("endpoint.jar"), TARGET);
    }

    /** Writes a configuration file. */
    public void configure(String pid, String... lines) throws IOException {
        Files.write(Files.createDirectories(path.resolve("conf")).resolve(pid + ".cfg"), List.of(lines));
    }

    String password() throws IOException {
        return Files.readString(path.resolve("data").resolve("admin-password")).strip();
    }
}

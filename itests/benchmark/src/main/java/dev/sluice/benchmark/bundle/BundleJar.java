package dev.sluice.benchmark.bundle;

import dev.sluice.benchmark.server.Answer;
import dev.sluice.benchmark.server.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * A bundle of the benchmarks: classes of this module packed into a JAR, so that each has them from a class loader of its own.
 *
 * @param symbolicName the bundle's name
 * @param version its version
 */
public record BundleJar(String symbolicName, String version) {

    private static final String SERVLET = "jakarta.servlet,jakarta.servlet.http";

    /**
     * Writes one with middleware for the chain.
     *
     * @param file where to
     * @param does what they do
     * @param ranking the first's; each of the others has one less
     * @param paths the patterns they are on, with spaces between them
     * @param names their names
     * @return the file
     */
    public Path middleware(Path file, Does does, int ranking, String paths, String... names) throws IOException {
        Manifest manifest = manifest(BenchmarkActivator.class, SERVLET + ",org.osgi.framework,dev.sluice.middleware");
        return services(file, manifest, "middleware", does, ranking, paths, names);
    }

    /** Writes one with whiteboard filters, in the same way. */
    public Path filters(Path file, Does does, int ranking, String paths, String... names) throws IOException {
        Manifest manifest = manifest(BenchmarkActivator.class, SERVLET + ",org.osgi.framework");
        return services(file, manifest, "filter", does, ranking, paths, names);
    }

    private Path services(
            Path file, Manifest manifest, String as, Does does, int ranking, String paths, String... names)
            throws IOException {
        Attributes main = manifest.getMainAttributes();
        main.putValue("Benchmark-As", as);
        main.putValue("Benchmark-Does", does.name());
        main.putValue("Benchmark-Paths", paths);
        main.putValue("Benchmark-Ranking", String.valueOf(ranking));
        main.putValue("Benchmark-Names", String.join(" ", names));
        List<Class<?>> own = as.equals("middleware")
                ? List.of(BenchmarkActivator.AsMiddleware.class, PassingMiddleware.class, StampingMiddleware.class)
                : List.of(BenchmarkActivator.AsFilter.class, PassingFilter.class, StampingFilter.class);
        return write(file, manifest, concat(own, BenchmarkActivator.class, Does.class, Stamp.class), List.of());
    }

    /**
     * Writes the one that answers, and that takes the time.
     *
     * @param file where to
     * @param target which listener it is for; empty for any
     * @return the file
     */
    public Path endpoint(Path file, String target) throws IOException {
        return whiteboard(file, EndpointActivator.class, target, true);
    }

    /** Writes one that only answers, in the same way. */
    public Path servlet(Path file, String target) throws IOException {
        return whiteboard(file, EndpointActivator.class, target, false);
    }

    /** Writes one that only takes the time, in the same way. */
    public Path timing(Path file, String target) throws IOException {
        return whiteboard(file, TimingActivator.class, target, true);
    }

    private Path whiteboard(Path file, Class<?> activator, String target, boolean isTimed) throws IOException {
        Manifest manifest = manifest(activator, SERVLET + ",org.osgi.framework,org.osgi.service.servlet.whiteboard");
        Attributes main = manifest.getMainAttributes();
        main.putValue("Benchmark-Target", target);
        main.putValue("Benchmark-Timed", String.valueOf(isTimed));
        main.putValue("Bundle-ClassPath", ".,histogram.jar");
        Path histogram = Path.of(URI.create(Histogram.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        return write(
                file,
                manifest,
                List.of(
                        EndpointActivator.class,
                        TimingActivator.class,
                        TimingActivator.Before.class,
                        Answer.class,
                        Timing.class),
                List.of(histogram));
    }

    private static List<Class<?>> concat(List<Class<?>> some, Class<?>... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    private Manifest manifest(Class<?> activator, String imports) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", symbolicName);
        main.putValue("Bundle-Version", version);
        main.putValue("Bundle-Activator", activator.getName());
        main.putValue("Import-Package", imports);
        return manifest;
    }

    private static Path write(Path file, Manifest manifest, List<Class<?>> classes, List<Path> libraries)
            throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            for (Class<?> one : classes) {
                String name = one.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(name));
                try (InputStream in = one.getClassLoader().getResourceAsStream(name)) {
                    in.transferTo(jar);
                }
            }
            for (Path library : libraries) {
                jar.putNextEntry(new JarEntry("histogram.jar"));
                Files.copy(library, jar);
            }
        }
        return file;
    }
}

package dev.sluice.benchmark.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleJarTest {

    @TempDir
    Path folder;

    @Test
    void ofFiltersKnowsNothingOfSluice() throws IOException {
        Path file =
                new BundleJar("a.b", "1.2.3").filters(folder.resolve("a.jar"), Does.STAMP, 7, "/*", "First", "Last");

        try (JarFile jar = new JarFile(file.toFile())) {
            var main = jar.getManifest().getMainAttributes();
            assertThat(main.getValue("Bundle-SymbolicName")).isEqualTo("a.b");
            assertThat(main.getValue("Bundle-Version")).isEqualTo("1.2.3");
            assertThat(main.getValue("Benchmark-Names")).isEqualTo("First Last");
            assertThat(main.getValue("Import-Package")).doesNotContain("dev.sluice");
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .noneMatch(name -> name.contains("Middleware") && !name.contains("$"));
        }
    }

    /** What is missing would show only when a server starts. */
    @Test
    void bringsWhatItsActivatorNeeds() throws Exception {
        Path middleware = new BundleJar("a", "1.0.0").middleware(folder.resolve("m.jar"), Does.PASS, 0, "/*", "a");
        Path endpoint = new BundleJar("e", "1.0.0").endpoint(folder.resolve("e.jar"), "");

        try (JarFile jar = new JarFile(middleware.toFile())) {
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .contains(
                            "dev/sluice/benchmark/bundle/BenchmarkActivator.class",
                            "dev/sluice/benchmark/bundle/BenchmarkActivator$AsMiddleware.class",
                            "dev/sluice/benchmark/bundle/PassingMiddleware.class");
        }
        try (JarFile jar = new JarFile(endpoint.toFile())) {
            assertThat(jar.getEntry("histogram.jar")).isNotNull();
            assertThat(jar.getManifest().getMainAttributes().getValue("Bundle-ClassPath"))
                    .contains("histogram.jar");
        }
        try (URLClassLoader apart = new URLClassLoader(
                new URL[] {middleware.toUri().toURL()},
                getClass().getClassLoader().getParent())) {
            assertThat(apart.getResource("dev/sluice/benchmark/bundle/Does.class"))
                    .isNotNull();
        }
    }

    /** What takes the time is in one of the two bundles, or it would be taken twice. */
    @Test
    void answersWithAndWithoutTakingTheTime() throws Exception {
        Path both = new BundleJar("e", "1.0.0").endpoint(folder.resolve("e.jar"), "");
        Path alone = new BundleJar("e", "1.0.0").servlet(folder.resolve("s.jar"), "");

        try (JarFile with = new JarFile(both.toFile());
                JarFile without = new JarFile(alone.toFile())) {
            assertThat(with.getManifest().getMainAttributes().getValue("Benchmark-Timed"))
                    .isEqualTo("true");
            assertThat(without.getManifest().getMainAttributes().getValue("Benchmark-Timed"))
                    .isEqualTo("false");
        }
    }
}

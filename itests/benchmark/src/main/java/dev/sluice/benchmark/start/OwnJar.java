package dev.sluice.benchmark.start;

import dev.sluice.benchmark.server.JettyServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The peer's own classes as a JAR: the JVM makes no class data where the class path has a folder. */
final class OwnJar {

    private OwnJar() {}

    /** {@return the file, written} */
    static Path write(Path file) throws IOException, URISyntaxException {
        Path classes = Path.of(JettyServer.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> all = Files.walk(classes.resolve("dev/sluice/benchmark"))) {
            for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(path).toString()));
                Files.copy(path, jar);
            }
        }
        return file;
    }
}

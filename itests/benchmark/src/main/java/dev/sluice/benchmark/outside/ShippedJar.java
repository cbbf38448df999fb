package dev.sluice.benchmark.outside;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The JAR that ships, and the bundles in it that a peer needs, too. */
public final class ShippedJar {

    private static final String FOLDER = "bundles/";
    /** What Felix HTTP needs to be used by its whiteboard, in the order in which it is installed. */
    private static final List<String> HTTP = List.of(
            "pax-logging-api",
            "commons-io",
            "commons-fileupload",
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.apache.felix.http.servlet-api",
            "org.apache.felix.http.wrappers",
            "org.apache.felix.configadmin",
            "org.apache.felix.http.jetty12");

    private ShippedJar() {}

    /** {@return where it is} */
    public static Path path() {
        Path jar = Path.of(System.getProperty("sluice.jar", "../../container/target/sluice.jar"));
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("no " + jar + ": build it with mvn -DskipTests package");
        }
        return jar.toAbsolutePath().normalize();
    }

    /** {@return its digest, by which one can tell what was measured} The build makes the same bytes of the same sources. */
    public static String sha256() throws IOException {
        return Digest.sha256(path());
    }

    /** {@return a bundle's name and version} */
    public static String version(String bundle) {
        try (JarFile jar = new JarFile(path().toFile())) {
            String name = entry(jar, bundle).getName();
            return name.substring(FOLDER.length(), name.length() - ".jar".length());
        } catch (IOException e) {
            throw new IllegalStateException(path() + " can't be read", e);
        }
    }

    /** Writes the bundles of Felix HTTP into a folder, with names that sort as they are to be started. */
    public static void extractHttp(Path folder) throws IOException {
        for (int i = 0; i < HTTP.size(); i++) {
            extract(HTTP.get(i), folder.resolve("1" + i + "-" + HTTP.get(i) + ".jar"));
        }
    }

    /** Writes one bundle into a file. */
    public static void extract(String bundle, Path to) throws IOException {
        Files.createDirectories(to.toAbsolutePath().getParent());
        try (JarFile jar = new JarFile(path().toFile());
                InputStream in = jar.getInputStream(entry(jar, bundle))) {
            Files.copy(in, to);
        }
    }

    private static JarEntry entry(JarFile jar, String bundle) {
        return jar.stream()
                .filter(entry -> entry.getName().matches(FOLDER + bundle.replace(".", "\\.") + "-\\d.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + bundle + " in " + jar.getName()));
    }
}

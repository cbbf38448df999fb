package dev.sluice.itests.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** The bundles in the shipped JAR, taken out of it: what its list says is what the tests inside the framework run. */
public final class ShippedBundles {

    private static final String LIST = "META-INF/sluice/bundles";

    private ShippedBundles() {}

    /**
     * One bundle.
     *
     * @param startLevel the level it is started at
     * @param symbolicName its symbolic name
     * @param file the JAR
     */
    public record ShippedBundle(int startLevel, String symbolicName, Path file) {}

    /** {@return the bundles, in the order in which they are started} */
    public static List<ShippedBundle> all() {
        try (JarFile jar = new JarFile(Shipped.jar().toFile())) {
            Path folder = Files.createDirectories(Shipped.workDirectory().resolve("bundles"));
            String list = Shipped.read(jar.getInputStream(entry(jar, LIST)));
            return list.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .map(fields -> new ShippedBundle(
                            Integer.parseInt(fields[0]),
                            fields[2],
                            extracted(jar, fields[4], folder.resolve(fields[1] + ".jar"))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path extracted(JarFile jar, String name, Path file) {
        try (InputStream in = jar.getInputStream(entry(jar, name))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ZipEntry entry(JarFile jar, String name) {
        ZipEntry entry = jar.getEntry(name);
        if (entry == null) {
            throw new IllegalStateException(jar.getName() + " has no " + name);
        }
        return entry;
    }
}

package dev.sluice.container.assembly;

import dev.sluice.container.bundles.BundleList;
import dev.sluice.container.bundles.ContainedBundle;
import dev.sluice.container.bundles.Sha256;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * A step of the build, not of the container: puts the bundles that the hand-kept start levels name into the container's
 * JAR, and writes the list of them with their digests. The bundles are found on the class path, which Maven makes of the
 * module's dependencies, so that there's one place for versions and one for start levels.
 */
public final class AssembleBundles {

    private static final String FOLDER = "bundles/";

    private AssembleBundles() {}

    /**
     * @param args the file of start levels, and the folder that becomes the JAR
     * @throws IOException if a bundle can't be read or written
     */
    public static void main(String[] args) throws IOException {
        Path startLevels = Path.of(args[0]);
        Path jar = Path.of(args[1]);
        emptyFolder(jar.resolve(FOLDER));

        Map<String, Path> available = bundlesOf(Thread.currentThread().getContextClassLoader());
        List<ContainedBundle> bundles = new ArrayList<>();
        for (String line : Files.readAllLines(startLevels)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] fields = line.split(" ");
                bundles.add(contain(Integer.parseInt(fields[0]), fields[1], available.get(fields[1]), jar));
            }
        }
        Path list = jar.resolve(BundleList.RESOURCE);
        Files.createDirectories(list.getParent());
        Files.writeString(list, new BundleList(bundles).text());
    }

    private static void emptyFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** The bundles on the class path, by symbolic name. */
    private static Map<String, Path> bundlesOf(ClassLoader classPath) throws IOException {
        Map<String, Path> bundles = new HashMap<>();
        for (URL manifest : Collections.list(classPath.getResources(JarFile.MANIFEST_NAME))) {
            if (manifest.openConnection() instanceof JarURLConnection connection) {
                Path jar = Path.of(connection.getJarFile().getName());
                String name = connection.getMainAttributes().getValue("Bundle-SymbolicName");
                if (name != null) {
                    bundles.put(name.replaceFirst(";.*", "").trim(), jar);
                }
            }
        }
        return bundles;
    }

    private static ContainedBundle contain(int startLevel, String symbolicName, Path bundle, Path jar)
            throws IOException {
        if (bundle == null) {
            throw new IllegalStateException(
                    "start-levels names " + symbolicName + ", but no dependency in container/pom.xml is that bundle");
        }
        String file = FOLDER + bundle.getFileName();
        Files.copy(bundle, jar.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        try (JarFile opened = new JarFile(bundle.toFile())) {
            Attributes manifest = opened.getManifest().getMainAttributes();
            String version = manifest.getValue("Bundle-Version");
            return new ContainedBundle(startLevel, Sha256.of(bundle), symbolicName, version, file);
        }
    }
}

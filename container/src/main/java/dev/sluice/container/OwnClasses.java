package dev.sluice.container;

import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The classes in the container's JAR. What a stop needs, and nothing before it, is read from the JAR only then: by that time the
 * next version may have been copied over it, byte by byte into the same file, and the stop would end with a
 * {@code NoClassDefFoundError}. So all are loaded when the container runs. The bundles aren't concerned: they run from
 * {@code data/}.
 */
final class OwnClasses {

    private static final String CLASS = ".class";

    /** The options are read at the start, and never again. */
    private static final List<String> OF_THE_START = List.of("picocli/", "META-INF/");

    private OwnClasses() {}

    /** Loads them on a thread of its own, which nobody waits for. */
    static void loadSoon(File jar) {
        Thread thread =
                new Thread(null, () -> load(jar, OwnClasses.class.getClassLoader()), "sluice-own-classes", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Loads them, without initialising any.
     *
     * @param jar the container's JAR
     * @param loader its class loader
     * @return how many it has; 0 if it can't be read: then a stop does with what is there
     */
    static int load(File jar, ClassLoader loader) {
        if (!jar.isFile()) {
            // Run from the build's folders: each class is a file of its own.
            return 0;
        }
        List<String> names;
        try (JarFile entries = new JarFile(jar)) {
            names = entries.stream()
                    .map(ZipEntry::getName)
                    .filter(name ->
                            name.endsWith(CLASS) && OF_THE_START.stream().noneMatch(name::startsWith))
                    .map(name ->
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'))
                    .toList();
        } catch (IOException e) {
            return 0;
        }
        names.forEach(name -> load(name, loader));
        return names.size();
    }

    private static void load(String name, ClassLoader loader) {
        try {
            Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            // One that needs what isn't there is one that nobody uses.
        }
    }
}

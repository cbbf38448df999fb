package dev.sluice.container.bundles;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.Set;

/**
 * The container's bundles as files, each named for its digest: {@code <sha256>.jar}. A bundle is taken out of the
 * container's JAR once; later starts find it there. As the framework runs what lies here, each file is compared with its
 * digest at every start, and replaced if it isn't what the list says.
 *
 * <p>Used by one thread, of the one process that holds the home.
 */
public final class BundleCache {

    private final Path folder;
    private final ClassLoader container;

    /**
     * @param folder where the files lie; made if it isn't there
     * @param container has the JARs that the list names as its resources
     */
    public BundleCache(Path folder, ClassLoader container) {
        this.folder = folder;
        this.container = container;
    }

    /**
     * {@return the file that holds the bundle, with the content that the list says}
     *
     * @throws IOException if it can't be taken out of the container's JAR
     */
    public Path file(ContainedBundle bundle) throws IOException {
        Path file = path(bundle);
        if (Files.isRegularFile(file) && Sha256.of(file).equals(bundle.sha256())) {
            return file;
        }
        return extract(bundle, file);
    }

    /**
     * Deletes what the list doesn't name: the bundles of another version of the container, and what a crash left.
     *
     * @throws IOException if the folder can't be read or a file can't be deleted
     */
    public void prune(BundleList list) throws IOException {
        Set<Path> wanted = new HashSet<>();
        list.bundles().forEach(bundle -> wanted.add(path(bundle)));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path file : files) {
                if (!wanted.contains(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    private Path path(ContainedBundle bundle) {
        return folder.resolve(bundle.sha256() + ".jar");
    }

    private Path extract(ContainedBundle bundle, Path file) throws IOException {
        Files.createDirectories(folder);
        Path copy = Files.createTempFile(folder, bundle.symbolicName(), ".part");
        try {
            try (DigestInputStream in = Sha256.digesting(open(bundle))) {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                if (!Sha256.of(in).equals(bundle.sha256())) {
                    throw new IOException(bundle.file() + " in the container's JAR is damaged: get the JAR again");
                }
            }
            return Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private InputStream open(ContainedBundle bundle) throws IOException {
        InputStream in = container.getResourceAsStream(bundle.file());
        if (in == null) {
            throw new FileNotFoundException(bundle.file() + " is missing in the container's JAR: get the JAR again");
        }
        return in;
    }
}

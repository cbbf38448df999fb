package dev.sluice.container.bundles;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The container's bundles as files, each named for its digest: {@code <sha256>.jar}. A bundle is taken out of the
 * container's JAR once, and verified by that digest before the file gets its name; later starts find it there.
 *
 * <p>A file that is found is compared by length and CRC-32 with what the container's JAR says of it, and replaced if it
 * differs. That finds what a disk or a careless hand did to it, and costs a start 20 ms where SHA-256 would cost 150;
 * who means harm and can write here can as well write the configuration.
 *
 * <p>Used by one thread, of the one process that holds the home.
 */
public final class BundleCache {

    private final Path folder;
    private final ZipFile container;

    /**
     * @param folder where the files lie; made if it isn't there
     * @param container the container's JAR, with the JARs that the list names; stays the caller's to close
     */
    public BundleCache(Path folder, ZipFile container) {
        this.folder = folder;
        this.container = container;
    }

    /**
     * {@return the file that holds the bundle}
     *
     * @throws IOException if it can't be taken out of the container's JAR
     */
    public Path file(ContainedBundle bundle) throws IOException {
        ZipEntry entry = container.getEntry(bundle.file());
        if (entry == null) {
            throw new IOException(bundle.file() + " is missing in the container's JAR: get the JAR again");
        }
        Path file = path(bundle);
        return isIntact(file, entry) ? file : extract(bundle, entry, file);
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

    private static boolean isIntact(Path file, ZipEntry entry) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != entry.getSize()) {
            return false;
        }
        CRC32 content = new CRC32();
        content.update(Files.readAllBytes(file));
        return content.getValue() == entry.getCrc();
    }

    private Path extract(ContainedBundle bundle, ZipEntry entry, Path file) throws IOException {
        Files.createDirectories(folder);
        Path copy = Files.createTempFile(folder, bundle.symbolicName(), ".part");
        try {
            try (DigestInputStream in = Sha256.digesting(container.getInputStream(entry))) {
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
}

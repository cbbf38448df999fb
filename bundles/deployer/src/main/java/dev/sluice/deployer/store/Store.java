package dev.sluice.deployer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Private copies of artifacts, named by their content: {@code <sha256>.jar}. What lies under such a name is complete,
 * because it gets the name by an atomic rename after its bytes were forced to the disk. Safe for any thread.
 */
public final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final String STORED = ".jar";
    private static final String TEMPORARY = ".tmp";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Path dir;

    /** Taken in since the last prune: whoever asked for that prune may not have heard of them yet. Guarded by itself. */
    private final Set<String> fresh = new HashSet<>();

    /**
     * Opens the store, makes its directory if it is missing, and clears away what an interrupted copy left.
     *
     * @param dir the store's directory, used by this container alone
     * @throws IOException if the directory can't be made or read
     */
    public Store(Path dir) throws IOException {
        this.dir = Files.createDirectories(dir);
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(dir, "*" + TEMPORARY)) {
            for (Path leftover : leftovers) {
                Files.deleteIfExists(leftover);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /**
     * Copies a file into the store, reading it once. The same content twice is one file.
     *
     * @param source the file
     * @return its copy, on the disk
     * @throws IOException if it can't be read or there is no room for it; nothing of it is left in the store
     */
    public StoredCopy copyIn(Path source) throws IOException {
        try (Staged staged = stage(source)) {
            return staged.keep();
        }
    }

    /**
     * Copies a file beside the store's content, reading it once: copied and digested together.
     *
     * @param source the file
     * @return its copy, to be kept or closed
     * @throws IOException if it can't be read or there is no room for it; nothing of it is left
     */
    public Staged stage(Path source) throws IOException {
        try (InputStream in = Files.newInputStream(source)) {
            return stage(in);
        }
    }

    /**
     * As {@link #stage(Path)}, of what is part of a file.
     *
     * @param source read to its end, not closed
     * @return its copy, to be kept or closed
     * @throws IOException if it can't be read or there is no room for it; nothing of it is left
     */
    public Staged stage(InputStream source) throws IOException {
        Path temporary = dir.resolve(UUID.randomUUID() + TEMPORARY);
        try (OutputStream out = Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW)) {
            String sha256 = Sha256.copy(source, out);
            return new Staged(this, new StoredCopy(temporary, sha256, Files.size(temporary)));
        } catch (IOException | RuntimeException | Error e) {
            deleteQuietly(temporary);
            throw e;
        }
    }

    StoredCopy take(StoredCopy staged) throws IOException {
        // Also over a copy that is there: these bytes were digested just now, and those may have rotted.
        Path target = path(staged.sha256());
        synchronized (fresh) {
            fresh.add(staged.sha256());
            DurableRename.rename(staged.path(), target);
        }
        return new StoredCopy(target, staged.sha256(), staged.size());
    }

    /**
     * {@return the copy with a digest, if the store has it}
     *
     * @param sha256 the digest, in lower-case hexadecimal
     */
    public Optional<Path> find(String sha256) {
        return isDigest(sha256) ? Optional.of(path(sha256)).filter(Files::isRegularFile) : Optional.empty();
    }

    /**
     * Whether the store has content and its bytes are still those of the digest: reads all of it.
     *
     * @param sha256 the digest, in lower-case hexadecimal
     * @return whether it has; {@code false} also if it can't be read
     */
    public boolean intact(String sha256) {
        try {
            Optional<Path> stored = find(sha256);
            return stored.isPresent() && Sha256.of(stored.get()).equals(sha256);
        } catch (IOException e) {
            LOG.warn("Can't read the stored copy {} in {}: {}", sha256, dir, e.toString());
            return false;
        }
    }

    /**
     * Deletes all content but that named, and but that taken in since the last prune, which the caller may not know of
     * yet. A file that can't be deleted is logged and left for the next time.
     *
     * @param keep the digests to keep
     */
    public void prune(Set<String> keep) {
        synchronized (fresh) {
            try (DirectoryStream<Path> stored = Files.newDirectoryStream(dir, "*" + STORED)) {
                for (Path path : stored) {
                    String name = path.getFileName().toString();
                    String sha256 = name.substring(0, name.length() - STORED.length());
                    if (isDigest(sha256) && !keep.contains(sha256) && !fresh.contains(sha256)) {
                        deleteQuietly(path);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                LOG.warn("Can't prune the store {}: {}", dir, e.toString());
            }
            fresh.clear();
        }
    }

    /**
     * Deletes all content but what is in use, and but as much of what was in use before as there is room for: it never
     * takes more of the disk than it leaves free. The oldest goes first.
     *
     * @param inUse the digests to keep in any case
     * @param earlier the digests of what was in use before, the latest first
     * @param most how many bytes of such content are kept at the most
     */
    public void prune(Set<String> inUse, List<String> earlier, long most) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        earlier.stream().filter(sha256 -> !inUse.contains(sha256)).forEach(sha256 -> find(sha256)
                .ifPresent(path -> sizes.put(sha256, size(path))));
        long all = sizes.values().stream().mapToLong(Long::longValue).sum();
        long room = Math.min(most, (all + free()) / 2);
        Set<String> keep = new HashSet<>(inUse);
        for (Map.Entry<String, Long> one : sizes.entrySet()) {
            room -= one.getValue();
            if (room < 0) {
                break;
            }
            keep.add(one.getKey());
        }
        prune(keep);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }

    private long free() {
        try {
            return Files.getFileStore(dir).getUsableSpace();
        } catch (IOException e) {
            LOG.warn("The free space of {} can't be told: {}", dir, e.toString());
            return Long.MAX_VALUE / 4;
        }
    }

    private static boolean isDigest(String name) {
        return DIGEST.matcher(name).matches();
    }

    private Path path(String sha256) {
        return dir.resolve(sha256 + STORED);
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("Can't delete {}: {}", path, e.toString());
        }
    }
}

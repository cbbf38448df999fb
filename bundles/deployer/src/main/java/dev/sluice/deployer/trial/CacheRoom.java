package dev.sluice.deployer.trial;

import dev.sluice.deployer.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the framework's cache seems to have room for a bundle. Looked at before a bundle is tried again: one that is much
 * too large would fill the disk each time, and each attempt costs a bundle's number.
 */
final class CacheRoom {

    /** What the framework writes beside a bundle, the ledger's line, the log's. */
    private static final long SPARE_BYTES = 256 * 1024;

    /** More than the directories and files that the framework makes for a bundle: a disk may have bytes and no inodes. */
    private static final int ENTRIES = 8;

    private final Path cache;

    CacheRoom(Path cache) {
        this.cache = cache;
    }

    boolean isThereFor(Artifact artifact) {
        try {
            return Files.getFileStore(cache).getUsableSpace() > Files.size(artifact.stored()) + SPARE_BYTES
                    && takesEntries();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean takesEntries() throws IOException {
        List<Path> made = new ArrayList<>();
        try {
            Path directory = Files.createTempDirectory(cache, "room");
            made.add(directory);
            for (int i = 0; i < ENTRIES; i++) {
                made.add(0, Files.createFile(directory.resolve(String.valueOf(i))));
            }
            return true;
        } finally {
            for (Path entry : made) {
                Files.deleteIfExists(entry);
            }
        }
    }
}

package dev.sluice.deployer.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Gives a finished temporary file its name, so that whoever looks sees the old file or the new one, whole, and a power
 * cut doesn't change that.
 */
public final class DurableRename {

    private DurableRename() {}

    /**
     * Forces a file's bytes to the disk, renames it over the target, and forces the directory.
     *
     * @param temporary the finished file, in the target's directory
     * @param target the name it gets; what is there is replaced
     * @throws IOException if any of it fails; the target is then the old or the new file
     */
    public static void rename(Path temporary, Path target) throws IOException {
        // Not a channel: an interrupt would close it.
        try (RandomAccessFile file = new RandomAccessFile(temporary.toFile(), "rw")) {
            file.getFD().sync();
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(target.toAbsolutePath().getParent());
    }

    private static void forceDirectory(Path dir) {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Some systems can't open a directory (Windows) or sync one (some network mounts). The rename has happened.
        }
    }
}

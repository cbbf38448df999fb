package dev.sluice.container.home;

import dev.sluice.container.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second container off the home. The lock is the operating system's, on {@code data/lock}, so it ends with the
 * process however that ends; the file's content only says who holds it.
 */
public final class HomeLock implements AutoCloseable {

    // Far beyond the content: where locks are mandatory, the pid can still be read by the one who is refused.
    private static final long POSITION = Long.MAX_VALUE - 1;

    // A lock ends with its channel, and a channel that nothing refers to is closed by the garbage collector.
    private static final Set<HomeLock> HELD = ConcurrentHashMap.newKeySet();

    private final FileChannel channel;

    private HomeLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * {@return the lock, held until it's closed or the process ends}
     *
     * @param home the home, prepared
     * @throws StartFailure if another container holds it, or the lock's file can't be written
     */
    public static HomeLock acquire(Home home) throws StartFailure {
        Path file = home.data().resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!tryLock(channel)) {
                channel.close();
                throw StartFailure.environment("Another container (pid " + holder(file) + ") runs on the home "
                        + home.root() + ": stop it, or choose another home with --home");
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            HomeLock lock = new HomeLock(channel);
            HELD.add(lock);
            return lock;
        } catch (IOException e) {
            throw home.notWritable(e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock(POSITION, 1, false);
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // this very process holds it
        }
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file).trim();
            return pid.isEmpty() ? "unknown" : pid;
        } catch (IOException e) {
            return "unknown";
        }
    }

    @Override
    public void close() throws IOException {
        HELD.remove(this);
        channel.close();
    }
}

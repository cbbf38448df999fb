package dev.sluice.deployer.folder;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes the file system's events on to the mailbox. Without them, where a file system has none or the system's limit is
 * reached, the slow scan does it all, only later.
 *
 * <p>Its thread does nothing but wait for the watch service and post: the service's own wait can't be woken for anything
 * else, and the watch's thread has other things to hear of. {@link #follow} is called by the watch's thread alone; the
 * field that both threads use is volatile.
 */
final class FolderEvents implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderEvents.class);

    private final Path dir;
    private final Mailbox mailbox;
    private final WatchService service;
    private final Thread thread;

    private volatile WatchKey key;
    private Object followed;
    private boolean complained;

    /** @throws IOException if the system has no more events to give */
    FolderEvents(Path dir, Mailbox mailbox) throws IOException {
        this.dir = dir;
        this.mailbox = mailbox;
        this.service = FileSystems.getDefault().newWatchService();
        this.thread = new Thread(null, this::pump, "sluice-deployer-events", 0, false);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Makes sure that the events are those of the directory that is at the path now: another may have been mounted there
     * or renamed to it, and a watch stays with the old one.
     *
     * @return whether it is newly followed, so that what happened until now was not heard
     */
    boolean follow() {
        WatchKey current = key;
        try {
            Object identity = identity();
            if (current != null && current.isValid() && Objects.equals(identity, followed)) {
                return false;
            }
            if (current != null) {
                current.cancel();
            }
            key = dir.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            // Read again: the directory that was registered may be newer than the one that was looked at.
            followed = identity.equals(identity()) ? identity : new Object();
            complained = false;
            return true;
        } catch (IOException | ClosedWatchServiceException e) {
            if (!complained && Files.isDirectory(dir)) {
                complained = true;
                LOG.warn(
                        "No events from the deploy folder {} ({}): changes are noticed by the slow scan only",
                        dir,
                        e.toString());
            }
            return false;
        }
    }

    private Object identity() throws IOException {
        Object fileKey = Files.readAttributes(dir, BasicFileAttributes.class).fileKey();
        return fileKey == null ? dir : fileKey;
    }

    private void pump() {
        try {
            while (true) {
                WatchKey signalled = service.take();
                for (WatchEvent<?> event : signalled.pollEvents()) {
                    post(event);
                }
                if (!signalled.reset() && signalled.equals(key)) {
                    // The directory is gone: have a look at the folder's health.
                    mailbox.compareEverything();
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            LOG.debug("No more events from {}", dir);
        }
    }

    private void post(WatchEvent<?> event) {
        if (!(event.context() instanceof Path path)) {
            // An overflow: what happened isn't known.
            mailbox.compareEverything();
            return;
        }
        String name = FileNames.withoutSidecar(path.toString());
        if (FileNames.isArtifact(name)) {
            mailbox.touched(name);
        } else if (name.equals(FileNames.ID)) {
            mailbox.compareEverything();
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}

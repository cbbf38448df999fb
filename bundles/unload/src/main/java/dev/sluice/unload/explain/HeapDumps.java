package dev.sluice.unload.explain;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for heap dumps, which nobody but its owner may enter: a dump has all that is in memory. What is named {@code work-}
 * is deleted by whoever comes next; what is kept has other names, and is never deleted. One at a time uses it.
 */
final class HeapDumps {

    private static final Logger LOG = LoggerFactory.getLogger(HeapDumps.class);

    private static final String WORK = "work-";
    private static final String DUMP = WORK + "dump.hprof";
    private static final long MEGABYTE = 1 << 20;

    /** A dump writes each reference with eight bytes, which are four in memory, and each class with its names. */
    private static final int WORST = 2;

    private static final long CLASSES = 64 * MEGABYTE;

    /** Writes all that is reachable into a file that isn't there. */
    @FunctionalInterface
    interface Dumper {
        void dump(Path file) throws IOException;
    }

    /** Says how many bytes a folder has room for. */
    @FunctionalInterface
    interface Room {
        long in(Path folder) throws IOException;
    }

    /** The room on the folder's disk. */
    static final Room ON_DISK = folder -> Files.getFileStore(folder).getUsableSpace();

    private final Path folder;
    private final Dumper dumper;
    private final Room room;

    HeapDumps(Path folder, Dumper dumper, Room room) {
        this.folder = folder;
        this.dumper = dumper;
        this.room = room;
    }

    /** {@return the JVM's own dumper, of what is reachable; fails with what to do where there is none} */
    static Dumper ofTheJvm() {
        return file -> {
            try {
                com.sun.management.HotSpotDiagnosticMXBean bean =
                        ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class);
                if (bean == null) {
                    throw new IOException(noDumps());
                }
                bean.dumpHeap(file.toString(), true);
            } catch (IOException e) {
                throw new IOException(
                        "the heap dump can't be written to " + file + " (" + e.getMessage() + "): make room there", e);
            } catch (LinkageError | IllegalArgumentException e) {
                throw new IOException(noDumps(), e);
            }
        };
    }

    private static String noDumps() {
        return "this JVM writes no heap dumps (it has no HotSpotDiagnosticMXBean): run the container on HotSpot, as in"
                + " Temurin or another build of OpenJDK";
    }

    /** Makes the folder if it isn't there, and deletes what an end in between has left. */
    void prepare() throws IOException {
        boolean posix = Files.getFileStore(folder.getParent()).supportsFileAttributeView("posix");
        if (!Files.exists(folder) && posix) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectories(folder);
        if (posix) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        clear();
    }

    /** Deletes what isn't kept. */
    void clear() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, WORK + "*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            LOG.warn(
                    "What is left of heap dumps in {} can't be deleted: delete what begins with {} by hand",
                    folder,
                    WORK,
                    e);
        }
    }

    /** {@return a file for what the analysis needs besides, that is deleted with the rest} */
    Path file(String name) {
        return folder.resolve(WORK + name);
    }

    /**
     * Dumps the heap. The JVM stands still meanwhile.
     *
     * @return the dump, readable for its owner alone
     * @throws IOException if there is no room for it, or it can't be written; says so
     */
    Path dump() throws IOException {
        long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long needed = used * WORST + CLASSES;
        long free = room.in(folder);
        if (free < needed) {
            throw new IOException("there is no room for a heap dump in " + folder + ": it may take " + needed / MEGABYTE
                    + " MB, and " + free / MEGABYTE + " MB are free. Make room there");
        }
        LOG.info(
                "The heap is dumped into {}, of {} MB that are in use: the container stands still until it is written",
                folder,
                used / MEGABYTE);
        Path dump = folder.resolve(DUMP);
        dumper.dump(dump);
        if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(dump, PosixFilePermissions.fromString("rw-------"));
        }
        return dump;
    }

    /** Gives a dump a name under which it stays. */
    Path keep(Path dump, long number) throws IOException {
        for (int i = 1; ; i++) {
            Path kept = folder.resolve("unload-" + number + (i == 1 ? "" : "-" + i) + ".hprof");
            if (!Files.exists(kept)) {
                return Files.move(dump, kept);
            }
        }
    }
}

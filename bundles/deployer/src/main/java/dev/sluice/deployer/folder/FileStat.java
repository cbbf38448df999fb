package dev.sluice.deployer.folder;

import dev.sluice.deployer.integrity.Sidecar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the file system says of a path without reading the file. Two that are equal mean: it has most likely not changed.
 *
 * @param kind what is there, links followed
 * @param size its length in bytes
 * @param modified its time of modification
 * @param key what tells it from another file of that name, where the file system has such a thing
 * @param sidecars what it says of the files beside it that say something of it
 */
record FileStat(Kind kind, long size, FileTime modified, Optional<Object> key, List<FileStat> sidecars) {

    enum Kind {
        FILE,
        /** A link to nothing that can be seen: the target's volume may be away, so this is no removal. */
        DANGLING,
        /** Nothing is there, or nothing that could be an artifact, as a directory. */
        ABSENT
    }

    FileStat(Kind kind, long size, FileTime modified, Optional<Object> key) {
        this(kind, size, modified, key, List.of());
    }

    static final FileStat ABSENT = bare(Kind.ABSENT);

    private static FileStat bare(Kind kind) {
        return new FileStat(kind, 0, FileTime.fromMillis(0), Optional.empty());
    }

    /** @throws IOException if it can't be told; that is not the same as absent */
    static FileStat withSidecars(Path path) throws IOException {
        FileStat stat = of(path);
        if (stat.isAbsent()) {
            return stat;
        }
        List<FileStat> sidecars = new ArrayList<>();
        for (String suffix : Sidecar.SUFFIXES) {
            sidecars.add(ofSidecar(path.resolveSibling(path.getFileName() + suffix)));
        }
        return new FileStat(stat.kind, stat.size, stat.modified, stat.key, List.copyOf(sidecars));
    }

    /** One that can't be looked at is no obstacle here: who reads it says so. */
    private static FileStat ofSidecar(Path path) {
        try {
            return of(path);
        } catch (IOException e) {
            return ABSENT;
        }
    }

    /** {@return whether the file itself looks the same, whatever is beside it} */
    boolean isOfSameFile(FileStat other) {
        return new FileStat(kind, size, modified, key)
                .equals(new FileStat(other.kind, other.size, other.modified, other.key));
    }

    /** @throws IOException if it can't be told; that is not the same as absent */
    static FileStat of(Path path) throws IOException {
        try {
            BasicFileAttributes read = Files.readAttributes(path, BasicFileAttributes.class);
            return read.isRegularFile()
                    ? new FileStat(Kind.FILE, read.size(), read.lastModifiedTime(), Optional.ofNullable(read.fileKey()))
                    : ABSENT;
        } catch (NoSuchFileException e) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? dangling(path) : ABSENT;
        } catch (IOException e) {
            // A link in a circle, or into a folder that may not be entered, has no file at its end either.
            if (Files.isSymbolicLink(path)) {
                return bare(Kind.DANGLING);
            }
            throw e;
        }
    }

    private static FileStat dangling(Path path) {
        // The link may also have been replaced by a file just now; then the next look tells.
        return Files.isSymbolicLink(path) ? bare(Kind.DANGLING) : ABSENT;
    }

    boolean isAbsent() {
        return kind == Kind.ABSENT;
    }
}

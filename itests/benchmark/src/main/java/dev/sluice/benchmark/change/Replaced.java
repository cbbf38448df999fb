package dev.sluice.benchmark.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is replaced at once: it is written beside, and moved there. */
final class Replaced {

    private Replaced() {}

    /** Writes a file. */
    @FunctionalInterface
    interface Content {
        /** Writes it. */
        void to(Path file) throws IOException;
    }

    static void with(Path file, Content content) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path beside = folder.resolveSibling("." + file.getFileName() + ".next");
        content.to(beside);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}

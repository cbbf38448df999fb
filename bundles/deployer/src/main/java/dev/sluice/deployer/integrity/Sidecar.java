package dev.sluice.deployer.integrity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** A small file that stands beside an artifact and says something of it. */
public sealed interface Sidecar {

    /** What the name of a file's digest has after that of the file. */
    String SHA256 = ".sha256";

    /** What the name of a file's signature has after that of the file. */
    String SIGNATURE = ".sig";

    /** {@link #SHA256} and {@link #SIGNATURE}. */
    List<String> SUFFIXES = List.of(SHA256, SIGNATURE);

    /** So much is read at the most: hundreds of digests, and many times a signature. */
    int LIMIT = 64 * 1024;

    /** Nothing is there. */
    record Missing() implements Sidecar {}

    /**
     * It was read.
     *
     * @param content its bytes
     */
    record Present(byte[] content) implements Sidecar {}

    /**
     * Something is there, and can't be used.
     *
     * @param why what it is, or what happened, as the end of a sentence about it
     */
    record Unusable(String why) implements Sidecar {}

    /** {@return what is at a path; links are followed} */
    static Sidecar read(Path path) {
        try {
            // Asked first: opening a pipe would wait for whoever writes into it.
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                return new Unusable("is no file");
            }
            try (InputStream in = Files.newInputStream(path)) {
                byte[] content = in.readNBytes(LIMIT + 1);
                return content.length > LIMIT
                        ? new Unusable("has more than " + LIMIT + " bytes, so it is something else")
                        : new Present(content);
            }
        } catch (NoSuchFileException e) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                    ? new Unusable("is a link to a file that isn't there")
                    : new Missing();
        } catch (IOException e) {
            return new Unusable("can't be read (" + e + ")");
        }
    }
}

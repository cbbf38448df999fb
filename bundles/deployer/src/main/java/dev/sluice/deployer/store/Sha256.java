package dev.sluice.deployer.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The name of content: its SHA-256 in lower-case hexadecimal. */
public final class Sha256 {

    private static final int BUFFER = 64 * 1024;

    private Sha256() {}

    /**
     * Digests a file.
     *
     * @param file the file
     * @return its digest
     * @throws IOException if it can't be read
     */
    public static String of(Path file) throws IOException {
        return copy(file, OutputStream.nullOutputStream());
    }

    static String copy(Path source, OutputStream target) throws IOException {
        try (InputStream in = Files.newInputStream(source)) {
            return copy(in, target);
        }
    }

    /**
     * Copies and digests together.
     *
     * @param source read to its end, not closed
     * @param target not closed
     * @return the digest
     * @throws IOException if one of them can't be read or written
     */
    public static String copy(InputStream source, OutputStream target) throws IOException {
        MessageDigest digest = newDigest();
        DigestOutputStream out = new DigestOutputStream(target, digest);
        byte[] buffer = new byte[BUFFER];
        for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
            out.write(buffer, 0, n);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

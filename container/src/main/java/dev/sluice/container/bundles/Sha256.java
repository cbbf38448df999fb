package dev.sluice.container.bundles;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests as the bundle list has them: SHA-256, in lower-case hexadecimal digits. */
public final class Sha256 {

    private Sha256() {}

    /** {@return the digest of a file's content} */
    public static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            DigestInputStream digesting = digesting(in);
            digesting.transferTo(OutputStream.nullOutputStream());
            return of(digesting);
        }
    }

    /** {@return a stream that digests what is read through it} */
    static DigestInputStream digesting(InputStream in) {
        try {
            return new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** {@return the digest of what has been read through the stream} */
    static String of(DigestInputStream in) {
        return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
}

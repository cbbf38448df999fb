package dev.sluice.admin.login;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A text of which only the digest is kept. Never shown: {@code toString} doesn't tell. */
final class Secret {

    private final byte[] digest;

    private Secret(byte[] digest) {
        this.digest = digest;
    }

    static Secret of(String text) {
        try {
            return new Secret(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }

    /** {@return whether the texts are the same; takes as long whatever they have in common, and whatever their lengths} */
    boolean matches(Secret other) {
        return MessageDigest.isEqual(digest, other.digest);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}

package dev.sluice.deployer.integrity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/**
 * A public key that an operator trusts.
 *
 * @param file the name of its file in the trust folder
 * @param kind what kind of key it is
 * @param key the key
 */
record TrustedKey(String file, Kind kind, PublicKey key) {

    /** The kinds of keys that are taken. */
    enum Kind {
        /** As {@code openssl pkeyutl -sign -rawin} uses it. */
        ED25519("Ed25519"),
        /** As {@code openssl dgst -sha256 -sign} and {@code cosign sign-blob --key} use it; the signature in DER. */
        ECDSA_P256("SHA256withECDSA");

        private final String algorithm;

        Kind(String algorithm) {
            this.algorithm = algorithm;
        }
    }

    /** The JDK keeps all that an Ed25519 signature is over in memory, some three times. */
    static final long LARGEST_FOR_ED25519 = 64L << 20;

    private static final int ED25519_LENGTH = 64;

    private static final int BUFFER = 64 * 1024;

    /** {@return whether a signature over so many bytes can be verified with it} */
    boolean takes(long size) {
        return kind != Kind.ED25519 || size <= LARGEST_FOR_ED25519;
    }

    /**
     * {@return whether a signature is this key's, and over these bytes}
     *
     * @throws IOException if the bytes can't be read
     * @throws GeneralSecurityException if this Java can't verify such signatures
     */
    boolean hasSigned(Path bytes, byte[] signature) throws IOException, GeneralSecurityException {
        // The JDK overlooks what comes after an Ed25519 signature.
        if (kind == Kind.ED25519 && signature.length != ED25519_LENGTH) {
            return false;
        }
        Signature verifier = Signature.getInstance(kind.algorithm);
        verifier.initVerify(key);
        try (InputStream in = Files.newInputStream(bytes)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                verifier.update(buffer, 0, n);
            }
        }
        try {
            return verifier.verify(signature);
        } catch (SignatureException e) {
            // It hasn't the form of one: another kind of key has made it, or none.
            return false;
        }
    }
}

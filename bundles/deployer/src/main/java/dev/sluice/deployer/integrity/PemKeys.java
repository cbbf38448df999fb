package dev.sluice.deployer.integrity;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys from the text of a PEM file. */
final class PemKeys {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final String TAKEN = "Ed25519 and ECDSA on P-256 are taken";

    /** Named so that an operator knows the key again; tried in this order. */
    private static final List<String> OTHER_KINDS = List.of("RSA", "Ed448", "DSA", "X25519", "X448", "DH");

    private PemKeys() {}

    /** Says why a file is of no use, as the end of a sentence about it. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * {@return the keys in a file: one at least}
     *
     * @param file its name
     * @throws Unusable if one of them can't be used: none is then
     */
    static List<TrustedKey> parse(String file, byte[] content) throws Unusable {
        Matcher blocks = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        List<TrustedKey> keys = new ArrayList<>();
        while (blocks.find()) {
            String type = blocks.group(1);
            if (!type.equals("PUBLIC KEY")) {
                throw new Unusable(notAPublicKey(file, type));
            }
            keys.add(key(file, blocks.group(2)));
        }
        if (keys.isEmpty()) {
            throw new Unusable("has no public key between BEGIN PUBLIC KEY and END PUBLIC KEY");
        }
        return keys;
    }

    private static String notAPublicKey(String file, String type) {
        if (type.endsWith("PRIVATE KEY")) {
            return "is a private key, which must not be on this machine: take it away, and put its public key there"
                    + " (openssl pkey -in " + file + " -pubout)";
        }
        return type.equals("CERTIFICATE")
                ? "is a certificate: put its public key there (openssl x509 -in " + file + " -pubkey -noout)"
                : "has a " + type + ", and it is to have a PUBLIC KEY";
    }

    private static TrustedKey key(String file, String base64) throws Unusable {
        X509EncodedKeySpec encoded;
        try {
            encoded = new X509EncodedKeySpec(Base64.getMimeDecoder().decode(base64.strip()));
        } catch (IllegalArgumentException e) {
            throw new Unusable("isn't base64 between its BEGIN and its END");
        }
        Optional<PublicKey> edwards = as("Ed25519", encoded);
        if (edwards.isPresent()) {
            return new TrustedKey(file, TrustedKey.Kind.ED25519, edwards.get());
        }
        Optional<PublicKey> elliptic = as("EC", encoded);
        if (elliptic.isPresent()) {
            if (!isP256(elliptic.get())) {
                throw new Unusable("is an ECDSA key on another curve than P-256; " + TAKEN);
            }
            return new TrustedKey(file, TrustedKey.Kind.ECDSA_P256, elliptic.get());
        }
        for (String kind : OTHER_KINDS) {
            if (as(kind, encoded).isPresent()) {
                throw new Unusable("is a key of the kind " + kind + "; " + TAKEN);
            }
        }
        throw new Unusable("is damaged, or a key of a kind that this Java doesn't know; " + TAKEN);
    }

    private static Optional<PublicKey> as(String kind, X509EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(kind).generatePublic(encoded));
        } catch (GeneralSecurityException | RuntimeException e) {
            // Not of this kind. What a damaged key makes a provider throw isn't always declared.
            return Optional.empty();
        }
    }

    private static boolean isP256(PublicKey key) {
        try {
            AlgorithmParameters p256 = AlgorithmParameters.getInstance("EC");
            p256.init(new ECGenParameterSpec("secp256r1"));
            ECParameterSpec expected = p256.getParameterSpec(ECParameterSpec.class);
            ECParameterSpec actual = ((ECPublicKey) key).getParams();
            return actual.getCurve().equals(expected.getCurve())
                    && actual.getGenerator().equals(expected.getGenerator())
                    && actual.getOrder().equals(expected.getOrder())
                    && actual.getCofactor() == expected.getCofactor();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no P-256", e);
        }
    }
}

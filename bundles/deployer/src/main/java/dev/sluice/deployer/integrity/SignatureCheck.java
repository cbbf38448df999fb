package dev.sluice.deployer.integrity;

import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Verifies {@code <file>.sig} over a file's exact bytes with the keys that an operator trusts. */
final class SignatureCheck implements ArtifactCheck {

    private final Path folder;
    private final TrustFolder trust;
    private final Supplier<Presence> asked;

    /**
     * @param folder where the sidecars are
     * @param trust where the keys are
     * @param asked what is asked of signatures now
     */
    SignatureCheck(Path folder, TrustFolder trust, Supplier<Presence> asked) {
        this.folder = folder;
        this.trust = trust;
        this.asked = asked;
    }

    @Override
    public CheckOutcome checkFile(ArtifactFile file) {
        Presence now = asked.get();
        if (now == Presence.OFF) {
            return CheckOutcome.passed();
        }
        String name = file.name() + Sidecar.SIGNATURE;
        Sidecar sidecar = Sidecar.read(folder.resolve(name));
        if (sidecar instanceof Sidecar.Missing) {
            return now == Presence.REQUIRED
                    ? CheckOutcome.waiting(
                            "its signature " + name + " isn't there, and deploy.signature=required demands"
                                    + " it: sign the file, and put the signature there in base64")
                    : CheckOutcome.passed();
        }
        if (sidecar instanceof Sidecar.Unusable unusable) {
            return CheckOutcome.refused("Its signature " + name + " " + unusable.why() + ". Put it right.");
        }
        Optional<byte[]> signature = decode(((Sidecar.Present) sidecar).content());
        if (signature.isEmpty()) {
            return CheckOutcome.refused("Its signature " + name + " isn't base64: encode what was signed with openssl"
                    + " base64, or sign it anew.");
        }
        if (signature.get().length == 0) {
            return CheckOutcome.refused("Its signature " + name + " is empty: sign the file anew.");
        }
        List<TrustedKey> keys = trust.read().keys();
        return keys.isEmpty()
                ? CheckOutcome.waiting("its signature can't be verified, as there is no key that can be used in "
                        + trust.dir() + ": put the signer's public key there, as a file whose name ends in .pem")
                : verify(file, name, signature.get(), keys);
    }

    private CheckOutcome verify(ArtifactFile file, String name, byte[] signature, List<TrustedKey> keys) {
        try {
            boolean tooLarge = false;
            for (TrustedKey key : keys) {
                if (!key.takes(file.size())) {
                    tooLarge = true;
                } else if (key.hasSigned(file.copy(), signature)) {
                    return CheckOutcome.passed("signature by " + key.file());
                }
            }
            return CheckOutcome.refused("Its signature " + name + " isn't one of these bytes by a trusted key ("
                    + keys.stream().map(TrustedKey::file).distinct().collect(Collectors.joining(", ")) + " in "
                    + trust.dir()
                    + "): it is by a key that isn't there, or of other content (an earlier version's?), or one of the two was altered."
                    + (tooLarge
                            ? " Ed25519 keys weren't tried, as the file is larger than "
                                    + (TrustedKey.LARGEST_FOR_ED25519 >> 20) + " MiB: sign it with ECDSA on P-256."
                            : " Copy both again from where they were made; if you trust who has signed it, put the public key"
                                    + " there."));
        } catch (IOException e) {
            return CheckOutcome.refused("Its private copy can't be read (" + e + "). Look at the disk of the data"
                    + " directory, and copy the file again.");
        } catch (GeneralSecurityException e) {
            return CheckOutcome.refused("This Java can't verify its signature (" + e
                    + "). Use a JDK that has the module" + " jdk.crypto.ec.");
        }
    }

    private static Optional<byte[]> decode(byte[] text) {
        String base64 = new String(text, StandardCharsets.ISO_8859_1).replaceAll("[ \\t\\r\\n]", "");
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

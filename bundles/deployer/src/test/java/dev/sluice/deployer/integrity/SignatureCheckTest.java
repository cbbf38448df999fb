package dev.sluice.deployer.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import dev.sluice.deployer.artifact.TestJar;
import dev.sluice.deployer.testing.OpenSsl;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureCheckTest {

    @TempDir
    Path home;

    private Path trust;
    private Path folder;
    private Path jar;
    private OpenSsl openssl;
    private Presence asked = Presence.REQUIRED;
    private SignatureCheck check;

    @BeforeEach
    void begin() throws IOException {
        OpenSsl.assumed();
        trust = Files.createDirectories(home.resolve("trust"));
        folder = Files.createDirectories(home.resolve("deploy"));
        jar = TestJar.bundle("com.acme", "1.0.0").write(home.resolve("copy"));
        openssl = new OpenSsl(Files.createDirectories(home.resolve("keys")));
        check = new SignatureCheck(folder, new TrustFolder(trust), () -> asked);
    }

    private CheckOutcome outcome() throws IOException {
        return check.checkFile(new ArtifactFile("a.jar", jar, "any", Files.size(jar)));
    }

    private void signature(String base64) throws IOException {
        Files.writeString(sidecar(), base64);
    }

    private Path sidecar() {
        return folder.resolve("a.jar.sig");
    }

    private void assertRefused(String because) throws IOException {
        assertThat(outcome()).isInstanceOfSatisfying(CheckOutcome.Refused.class, refused -> assertThat(refused.reason())
                .contains(because));
    }

    private void assertPassed(String note) throws IOException {
        assertThat(outcome()).isEqualTo(CheckOutcome.passed(note));
    }

    @Test
    void takesEd25519AndEcdsaOfOpensslAndSaysWhichKeyItWas() throws IOException {
        openssl.key("one", OpenSsl.ED25519, trust.resolve("one.pem"));
        openssl.key("two", OpenSsl.P256, trust.resolve("two.pem"));

        signature(openssl.ed25519("one", jar));
        assertPassed("signature by one.pem");
        signature(openssl.ecdsa("two", jar).replace("\n", "\r\n"));
        assertPassed("signature by two.pem");
        // As cosign sign-blob --key prints it: one line.
        signature(openssl.ecdsa("two", jar).replace("\n", ""));
        assertPassed("signature by two.pem");
    }

    @Test
    void refusesAnyBitThatWasChangedInFileOrSignature() throws IOException {
        openssl.key("one", OpenSsl.ED25519, trust.resolve("one.pem"));
        openssl.key("two", OpenSsl.P256, trust.resolve("two.pem"));
        byte[] good = Files.readAllBytes(jar);
        for (String signature : new String[] {openssl.ed25519("one", jar), openssl.ecdsa("two", jar)}) {
            signature(signature);
            for (int at : new int[] {0, good.length / 2, good.length - 1}) {
                byte[] bad = good.clone();
                bad[at] ^= 1;
                Files.write(jar, bad);
                assertRefused("isn't one of these bytes by a trusted key (one.pem, two.pem in ");
            }
            Files.write(jar, good);
            byte[] binary = Base64.getMimeDecoder().decode(signature);
            for (int at : new int[] {0, 8, binary.length / 2, binary.length - 1}) {
                byte[] bad = binary.clone();
                bad[at] ^= 1;
                signature(Base64.getEncoder().encodeToString(bad));
                assertRefused("isn't one of these bytes");
            }
            signature(Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(binary, binary.length - 1)));
            assertRefused("isn't one of these bytes");
            signature(Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(binary, binary.length + 1)));
            assertRefused("isn't one of these bytes");
            signature(signature);
            assertThat(outcome()).isInstanceOf(CheckOutcome.Passed.class);
        }
    }

    @Test
    void refusesTheSignatureOfAnotherFileAndThatOfAnotherKey() throws IOException {
        openssl.key("one", OpenSsl.P256, trust.resolve("one.pem"));
        openssl.key("foreign", OpenSsl.P256, home.resolve("foreign.pem"));
        Path other = TestJar.bundle("com.acme", "1.0.1").write(home.resolve("other"));

        signature(openssl.ecdsa("one", other));
        assertRefused("isn't one of these bytes");
        signature(openssl.ecdsa("foreign", jar));
        assertRefused("isn't one of these bytes");
        asked = Presence.IF_PRESENT;
        assertRefused("isn't one of these bytes");
    }

    @Test
    void aKeyCountsFromWhenItIsPutThereUntilItIsTakenAway() throws IOException {
        openssl.key("old", OpenSsl.P256, trust.resolve("old.pem"));
        openssl.key("new", OpenSsl.ED25519, home.resolve("new.pem"));
        signature(openssl.ed25519("new", jar));
        assertRefused("(old.pem in ");

        Files.copy(home.resolve("new.pem"), trust.resolve("new.pem"));
        assertPassed("signature by new.pem");
        Files.delete(trust.resolve("new.pem"));
        assertRefused("(old.pem in ");
    }

    @Test
    void waitsForTheSignatureAndForAKeyWhereOneIsRequired() throws IOException {
        assertThat(outcome()).isInstanceOfSatisfying(CheckOutcome.Waiting.class, waiting -> assertThat(waiting.reason())
                .startsWith("its signature a.jar.sig isn't there, and deploy.signature=required demands it"));
        openssl.key("one", OpenSsl.P256, home.resolve("one.pem"));
        signature(openssl.ecdsa("one", jar));
        assertThat(outcome()).isInstanceOfSatisfying(CheckOutcome.Waiting.class, waiting -> assertThat(waiting.reason())
                .contains("there is no key that can be used in " + trust));
        asked = Presence.IF_PRESENT;
        assertThat(outcome()).isInstanceOf(CheckOutcome.Waiting.class);
        Files.delete(sidecar());
        assertThat(outcome()).isEqualTo(CheckOutcome.passed());
        asked = Presence.OFF;
        signature("no base64!");
        assertThat(outcome()).isEqualTo(CheckOutcome.passed());
    }

    @Test
    void refusesWhatIsNoSignature() throws IOException {
        openssl.key("one", OpenSsl.P256, trust.resolve("one.pem"));
        signature("");
        assertRefused("is empty");
        signature(" \n ");
        assertRefused("is empty");
        signature("{\"base64Signature\": 1}");
        assertRefused("isn't base64");
        signature(openssl.ecdsa("one", jar).substring(0, 41));
        assertRefused("isn't base64");
        Files.write(sidecar(), new byte[Sidecar.LIMIT + 1]);
        assertRefused("has more than 65536 bytes");
        Files.delete(sidecar());
        Files.createDirectory(sidecar());
        assertRefused("is no file");
        Files.delete(sidecar());
        Files.createSymbolicLink(sidecar(), home.resolve("nowhere"));
        assertRefused("is a link to a file that isn't there");
        Files.writeString(home.resolve("nowhere"), openssl.ecdsa("one", jar));
        assertPassed("signature by one.pem");
    }

    @Test
    void saysThatAFileIsTooLargeForEd25519() throws IOException {
        openssl.key("one", OpenSsl.ED25519, trust.resolve("one.pem"));
        signature(openssl.ed25519("one", jar));
        try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "rw")) {
            file.setLength(TrustedKey.LARGEST_FOR_ED25519 + 1);
        }
        assertRefused("larger than 64 MiB: sign it with ECDSA on P-256");
    }
}

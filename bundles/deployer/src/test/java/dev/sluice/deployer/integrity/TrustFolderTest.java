package dev.sluice.deployer.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.testing.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustFolderTest {

    @TempDir
    Path home;

    private Path dir;
    private OpenSsl openssl;

    @BeforeEach
    void begin() throws IOException {
        OpenSsl.assumed();
        dir = Files.createDirectories(home.resolve("trust"));
        openssl = new OpenSsl(Files.createDirectories(home.resolve("keys")));
    }

    private TrustFolder.Contents read() {
        return new TrustFolder(dir).read();
    }

    @Test
    void isEmptyWhereThereIsNone() throws IOException {
        Files.delete(dir);
        assertThat(read()).isEqualTo(TrustFolder.Contents.NONE);
    }

    @Test
    void readsAllKeysInTheOrderOfTheirFiles() throws IOException {
        openssl.key("b", OpenSsl.ED25519, dir.resolve("b.pem"));
        openssl.key("a", OpenSsl.P256, dir.resolve("a.PEM"));
        openssl.key("c", OpenSsl.P256, home.resolve("c.pem"));
        Files.writeString(
                dir.resolve("d.pem"),
                "A comment\r\n" + Files.readString(home.resolve("c.pem")).replace("\n", "\r\n")
                        + Files.readString(dir.resolve("b.pem")));
        Files.createDirectories(dir.resolve("..data"));

        TrustFolder.Contents read = read();
        assertThat(read.problems()).isEmpty();
        assertThat(read.keys()).extracting(TrustedKey::file).containsExactly("a.PEM", "b.pem", "d.pem", "d.pem");
        assertThat(read.keys())
                .extracting(TrustedKey::kind)
                .containsExactly(
                        TrustedKey.Kind.ECDSA_P256,
                        TrustedKey.Kind.ED25519,
                        TrustedKey.Kind.ECDSA_P256,
                        TrustedKey.Kind.ED25519);
        assertThat(read()).isEqualTo(read);
    }

    @Test
    void whatCannotBeUsedIsNamedAndDoesNotHideTheGoodOnes() throws IOException {
        openssl.key("good", OpenSsl.ED25519, dir.resolve("good.pem"));
        openssl.key("rsa", List.of("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"), dir.resolve("rsa.pem"));
        openssl.key(
                "p384", List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"), dir.resolve("p384.pem"));
        openssl.key("ed448", List.of("-algorithm", "ed448"), dir.resolve("ed448.pem"));
        openssl.key("x25519", List.of("-algorithm", "x25519"), dir.resolve("x25519.pem"));
        openssl.key("secret", OpenSsl.P256, home.resolve("public.pem"));
        Files.copy(openssl.privateKey("secret"), dir.resolve("secret.pem"));
        openssl.run(List.of(
                "req",
                "-x509",
                "-key",
                openssl.privateKey("secret").toString(),
                "-subj",
                "/CN=a",
                "-out",
                dir.resolve("certificate.pem").toString()));
        Files.writeString(dir.resolve("text.pem"), "hello");
        Files.writeString(dir.resolve("empty.pem"), "");
        Files.copy(home.resolve("public.pem"), dir.resolve("cosign.pub"));
        String damaged = Files.readString(dir.resolve("good.pem"));
        Files.writeString(dir.resolve("damaged.pem"), damaged.replaceFirst("\nMC.....", "\nMCzzzzz"));
        Files.createDirectory(dir.resolve("folder.pem"));

        TrustFolder.Contents read = read();
        assertThat(read.keys()).extracting(TrustedKey::file).containsExactly("good.pem");
        assertThat(read.problems())
                .allMatch(problem -> problem.startsWith(dir + "/") && problem.contains(" isn't used: it "))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("certificate.pem", "is a certificate", "x509 -in"),
                        problem -> assertThat(problem).contains("cosign.pub", "doesn't end in .pem"),
                        problem -> assertThat(problem).contains("damaged.pem", "is damaged"),
                        problem -> assertThat(problem).contains("ed448.pem", "of the kind Ed448"),
                        problem -> assertThat(problem).contains("empty.pem", "has no public key"),
                        problem -> assertThat(problem).contains("folder.pem", "is no file"),
                        problem -> assertThat(problem).contains("p384.pem", "another curve than P-256"),
                        problem -> assertThat(problem).contains("rsa.pem", "of the kind RSA"),
                        problem -> assertThat(problem).contains("secret.pem", "is a private key, which must not be"),
                        problem -> assertThat(problem).contains("text.pem", "has no public key"),
                        problem -> assertThat(problem).contains("x25519.pem", "of the kind X25519"));
    }
}

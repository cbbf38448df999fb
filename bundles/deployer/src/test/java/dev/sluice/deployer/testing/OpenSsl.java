package dev.sluice.deployer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Keys and signatures as users make them: with openssl. */
public final class OpenSsl {

    /** What it makes keys of. */
    public static final List<String> ED25519 = List.of("-algorithm", "ed25519");

    public static final List<String> P256 = List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");

    private final Path dir;

    /** @param dir where private keys lie, and what else needs a file */
    public OpenSsl(Path dir) {
        this.dir = dir;
    }

    /** Skips the test, and says so, where there is none. */
    public static void assumed() {
        boolean there;
        try {
            there = new ProcessBuilder("openssl", "version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        Assumptions.assumeTrue(there, "openssl isn't installed, so nothing is signed");
    }

    /** Makes a key, and puts its public key there. */
    public void key(String name, List<String> kind, Path publicKey) {
        List<String> command = new ArrayList<>(List.of("genpkey"));
        command.addAll(kind);
        command.addAll(List.of("-out", privateKey(name).toString()));
        run(command);
        run(List.of("pkey", "-in", privateKey(name).toString(), "-pubout", "-out", publicKey.toString()));
    }

    public Path privateKey(String name) {
        return dir.resolve(name + ".private");
    }

    /** {@return the signature of a file in base64 with line breaks, as {@code openssl base64} writes it} */
    public String ed25519(String name, Path file) {
        return base64(
                List.of("pkeyutl", "-sign", "-rawin", "-inkey", privateKey(name).toString(), "-in", file.toString()));
    }

    /** {@return the same by ECDSA with SHA-256; {@code cosign sign-blob --key} signs in this way, too} */
    public String ecdsa(String name, Path file) {
        return base64(List.of("dgst", "-sha256", "-sign", privateKey(name).toString(), file.toString()));
    }

    private String base64(List<String> sign) {
        Path binary = dir.resolve("signature.bin");
        List<String> command = new ArrayList<>(sign);
        command.addAll(1, List.of("-out", binary.toString()));
        run(command);
        return run(List.of("base64", "-in", binary.toString()));
    }

    /** Runs it; what it writes is the answer. */
    public String run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        try {
            Path output = Files.createTempFile(dir, "openssl", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(command + " failed: " + Files.readString(output));
            }
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

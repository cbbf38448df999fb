package dev.sluice.itests.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Who signs files, with openssl, as docs/integrity.md tells. */
final class Signer {

    static final List<String> ED25519 = List.of("-algorithm", "ed25519");
    static final List<String> P256 = List.of("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");

    private final Path keys;

    /** @param keys where the private keys are kept, made if missing */
    Signer(Path keys) throws IOException {
        this.keys = Files.createDirectories(keys);
    }

    /** {@return whether openssl is installed} */
    static boolean isThere() {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Makes a pair of keys, and puts the public one there. */
    void key(String name, List<String> kind, Path publicKey) {
        List<String> command = new ArrayList<>(List.of("genpkey"));
        command.addAll(kind);
        command.addAll(List.of("-out", keys.resolve(name).toString()));
        openssl(command);
        openssl(List.of("pkey", "-in", keys.resolve(name).toString(), "-pubout", "-out", publicKey.toString()));
    }

    /** {@return a signature in base64, with line breaks} */
    String ed25519(String name, byte[] content) throws IOException {
        byte[] signature = sign(
                content,
                (file, out) -> List.of("pkeyutl", "-sign", "-rawin", "-inkey", key(name), "-in", file, "-out", out));
        return Base64.getMimeEncoder().encodeToString(signature);
    }

    /** What {@code cosign sign-blob --key} makes: ECDSA with SHA-256, the signature in DER and base64. */
    String ecdsa(String name, byte[] content) throws IOException {
        byte[] signature =
                sign(content, (file, out) -> List.of("dgst", "-sha256", "-sign", key(name), "-out", out, file));
        return Base64.getEncoder().encodeToString(signature) + "\n";
    }

    private String key(String name) {
        return keys.resolve(name).toString();
    }

    /** {@return what a command writes, which is made of the file to sign and the file to write} */
    private byte[] sign(byte[] content, BiFunction<String, String, List<String>> command) throws IOException {
        Path file = Files.write(keys.resolve("content"), content);
        Path signature = keys.resolve("signature");
        openssl(command.apply(file.toString(), signature.toString()));
        return Files.readAllBytes(signature);
    }

    private static void openssl(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s", command).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

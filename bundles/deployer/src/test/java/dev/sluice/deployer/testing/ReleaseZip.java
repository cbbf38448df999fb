package dev.sluice.deployer.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A release, packed by hand. */
public final class ReleaseZip {

    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** {@return one that says its name and its version} */
    public static ReleaseZip of(String name, String version) {
        return new ReleaseZip().json("{\"name\": \"%s\", \"version\": \"%s\"}".formatted(name, version));
    }

    public ReleaseZip json(String text) {
        return entry("release.json", text);
    }

    public ReleaseZip entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public ReleaseZip entry(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    public ReleaseZip bundle(String name, BundleJar jar) {
        return entry(name, bytes(jar));
    }

    public static byte[] bytes(BundleJar jar) {
        try {
            Path file = Files.createTempDirectory("jar").resolve("bundle.jar");
            return Files.readAllBytes(jar.writeTo(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes);
        return bytes.toByteArray();
    }

    private void write(OutputStream out) {
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> one : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes it, whole and at once. */
    public Path writeTo(Path file) {
        Path partial = file.resolveSibling("." + file.getFileName() + ".part");
        try {
            Files.write(partial, bytes());
            return Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

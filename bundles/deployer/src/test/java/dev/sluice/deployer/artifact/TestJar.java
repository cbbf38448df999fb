package dev.sluice.deployer.artifact;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds JARs, good and bad, in memory. */
public final class TestJar {

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private boolean manifestLast;
    private boolean stored;

    /** {@return a JAR without a manifest} */
    public static TestJar plain() {
        return new TestJar();
    }

    /** {@return a bundle} */
    public static TestJar bundle(String symbolicName, String version) {
        return plain().header("Bundle-ManifestVersion", "2")
                .header("Bundle-SymbolicName", symbolicName)
                .header("Bundle-Version", version);
    }

    public TestJar header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public TestJar without(String header) {
        headers.remove(header);
        return this;
    }

    public TestJar entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    public TestJar entry(String name, String content) {
        return entry(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A class of some release; only what the container looks at. */
    public TestJar classFile(String name, int release) {
        int major = release + 44;
        return entry(
                name, new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe, 0, 0, 0, (byte) major, 0, 0});
    }

    public TestJar manifestLast() {
        manifestLast = true;
        return this;
    }

    /** Without compression. */
    public TestJar stored() {
        stored = true;
        return this;
    }

    public byte[] bytes() {
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                if (!manifestLast) {
                    writeManifest(zip);
                }
                for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                    write(zip, entry.getKey(), entry.getValue());
                }
                if (manifestLast) {
                    writeManifest(zip);
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    private void writeManifest(ZipOutputStream zip) throws IOException {
        if (headers.isEmpty()) {
            return;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        write(zip, "META-INF/MANIFEST.MF", bytes.toByteArray());
    }

    private void write(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        // The same content gives the same bytes.
        entry.setTime(0);
        if (stored) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}

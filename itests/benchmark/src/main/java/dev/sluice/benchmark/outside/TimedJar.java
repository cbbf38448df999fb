package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.bundle.BundleJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The JAR that ships, with one bundle more, that takes the time around the chain. Nothing that is deployed can stand before the
 * chain, so that bundle is started before it.
 */
final class TimedJar {

    private static final String LIST = "META-INF/sluice/bundles";
    private static final String CHAIN = " dev.sluice.chain ";
    private static final String TIMING = "bundles/benchmark.timing-1.0.0.jar";

    private TimedJar() {}

    /** {@return it, in a folder; written if it isn't there} */
    static Path in(Path folder) throws IOException {
        Path timed = Files.createDirectories(folder).resolve("timed.jar");
        if (Files.exists(timed)) {
            return timed;
        }
        Path timing = new BundleJar("benchmark.timing", "1.0.0")
                .timing(folder.resolve("benchmark.timing.jar"), SluiceHome.TARGET);
        try (ZipFile shipped = new ZipFile(ShippedJar.path().toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(timed))) {
            for (ZipEntry entry : Collections.list(shipped.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = shipped.getInputStream(entry)) {
                    out.write(entry.getName().equals(LIST) ? list(in, timing) : in.readAllBytes());
                }
            }
            out.putNextEntry(new ZipEntry(TIMING));
            Files.copy(timing, out);
        }
        return timed;
    }

    /** The list of bundles, with a line more before the chain's and on its start level. */
    private static byte[] list(InputStream shipped, Path timing) throws IOException {
        StringBuilder list = new StringBuilder();
        for (String line : new String(shipped.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            if (line.contains(CHAIN)) {
                String level = line.substring(0, line.indexOf(' '));
                list.append(level + " " + sha256(timing) + " benchmark.timing 1.0.0 " + TIMING + "\n");
            }
            list.append(line).append('\n');
        }
        return list.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}

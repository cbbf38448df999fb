package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.bundle.BundleJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
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
        // Written under another name first: what is there is complete.
        Path begun = folder.resolve("timed.jar.tmp");
        write(ShippedJar.path(), timing, begun);
        return Files.move(begun, timed, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Writes it.
     *
     * @throws IOException if a file can't be read or written, or if what ships doesn't list the chain: the time would be taken
     *     nowhere
     */
    static void write(Path shipped, Path timing, Path to) throws IOException {
        try (ZipFile from = new ZipFile(shipped.toFile());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = from.getInputStream(entry)) {
                    out.write(entry.getName().equals(LIST) ? list(in, timing) : in.readAllBytes());
                }
            }
            out.putNextEntry(new ZipEntry(TIMING));
            Files.copy(timing, out);
        }
    }

    /** The list of bundles, with a line more before the chain's and on its start level. */
    private static byte[] list(InputStream shipped, Path timing) throws IOException {
        List<String> lines = new ArrayList<>(new String(shipped.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList());
        int chain = IntStream.range(0, lines.size())
                .filter(line -> lines.get(line).contains(CHAIN))
                .findFirst()
                .orElseThrow(() -> new IOException("no" + CHAIN + "in " + LIST));
        String level = lines.get(chain).substring(0, lines.get(chain).indexOf(' '));
        lines.add(chain, level + " " + Digest.sha256(timing) + " benchmark.timing 1.0.0 " + TIMING);
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}

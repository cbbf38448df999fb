package dev.sluice.benchmark.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.benchmark.bundle.BundleJar;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimedJarTest {

    private static final String LIST = "META-INF/sluice/bundles";

    @TempDir
    Path folder;

    private Path timing;

    @BeforeEach
    void makeTheBundle() throws IOException {
        timing = new BundleJar("benchmark.timing", "1.0.0").timing(folder.resolve("timing.jar"), "(a=b)");
    }

    /** Of preprocessors with one ranking the first that is registered is first: behind the chain it would time none of it. */
    @Test
    void hasTheBundleBeforeTheChainAndOnItsStartLevel() throws Exception {
        Path shipped = shipped("1 aa other 1.0.0 bundles/other.jar\n"
                + "3 bb dev.sluice.chain 1.0.0 bundles/chain.jar\n"
                + "4 cc dev.sluice.chainlike 1.0.0 bundles/like.jar\n");

        TimedJar.write(shipped, timing, folder.resolve("timed.jar"));

        try (ZipFile timed = new ZipFile(folder.resolve("timed.jar").toFile())) {
            List<String> list = new String(read(timed, LIST), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(list).hasSize(4);
            String[] added = list.get(1).split(" ");
            assertThat(added).startsWith("3").contains("benchmark.timing", "1.0.0");
            assertThat(list.get(2)).contains(" dev.sluice.chain ");
            byte[] bundle = read(timed, added[4]);
            assertThat(bundle).isEqualTo(Files.readAllBytes(timing));
            assertThat(added[1])
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bundle)));
            assertThat(read(timed, "some/other")).asString().isEqualTo("as it was");
        }
    }

    @Test
    void isRefusedWhereThereIsNoChain() throws IOException {
        Path shipped = shipped("1 aa other 1.0.0 bundles/other.jar\n");

        assertThatThrownBy(() -> TimedJar.write(shipped, timing, folder.resolve("timed.jar")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("dev.sluice.chain");
    }

    private Path shipped(String list) throws IOException {
        Path file = folder.resolve("shipped.jar");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(LIST));
            zip.write(list.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("some/other"));
            zip.write("as it was".getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private static byte[] read(ZipFile zip, String name) throws IOException {
        return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
}

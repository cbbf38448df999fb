package dev.sluice.container.bundles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {

    private static final String CONTENT = "the content of a bundle";

    @TempDir
    private Path folder;

    private ZipFile jar;
    private Path files;
    private BundleCache cache;
    private ContainedBundle bundle;

    @BeforeEach
    void containerWithOneBundle() throws IOException {
        Path path = folder.resolve("container.jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new ZipEntry("bundles/one.jar"));
            zip.write(CONTENT.getBytes(StandardCharsets.UTF_8));
        }
        jar = new ZipFile(path.toFile());
        files = folder.resolve("cache");
        cache = new BundleCache(files, jar);
        Path plain = Files.writeString(folder.resolve("plain"), CONTENT);
        bundle = new ContainedBundle(1, Sha256.of(plain), "one", "1.0.0", "bundles/one.jar");
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void a_bundle_is_taken_out_once() throws Exception {
        Path file = cache.file(bundle);
        assertThat(file).hasContent(CONTENT).hasFileName(bundle.sha256() + ".jar");
        FileTime earlier = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, earlier);

        assertThat(cache.file(bundle)).isEqualTo(file);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(earlier);
        assertThat(files).isDirectoryContaining(file::equals).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void a_file_with_other_content_is_replaced() throws Exception {
        Path file = cache.file(bundle);
        Files.writeString(file, CONTENT.toUpperCase());

        assertThat(cache.file(bundle)).hasContent(CONTENT);
    }

    @Test
    void a_torn_file_is_replaced() throws Exception {
        Path file = cache.file(bundle);
        Files.writeString(file, CONTENT.substring(5));

        assertThat(cache.file(bundle)).hasContent(CONTENT);
    }

    @Test
    void a_damaged_container_is_noticed_and_leaves_nothing_behind() throws Exception {
        ContainedBundle other = new ContainedBundle(1, "00".repeat(32), "one", "1.0.0", "bundles/one.jar");

        assertThatThrownBy(() -> cache.file(other))
                .hasMessageContaining("bundles/one.jar")
                .hasMessageContaining("damaged");
        assertThat(files).isEmptyDirectory();
    }

    @Test
    void a_bundle_that_the_container_lacks_is_named() {
        ContainedBundle missing = new ContainedBundle(1, "00".repeat(32), "two", "1.0.0", "bundles/two.jar");

        assertThatThrownBy(() -> cache.file(missing)).hasMessageContaining("bundles/two.jar is missing");
    }

    @Test
    void files_of_another_version_and_of_a_crash_are_deleted() throws Exception {
        Path file = cache.file(bundle);
        Files.writeString(files.resolve("ff".repeat(32) + ".jar"), "old");
        Files.writeString(files.resolve("one123.part"), "half");

        cache.prune(new BundleList(List.of(bundle)));

        assertThat(files).isDirectoryContaining(file::equals);
        try (var left = Files.list(files)) {
            assertThat(left).containsExactly(file);
        }
    }
}

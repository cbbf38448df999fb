package dev.sluice.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodTest {

    @TempDir
    private Path folder;

    @Test
    void what_is_saved_is_there_afterwards_and_nothing_else_is() {
        LastGood before = new LastGood(folder.resolve("routes"));
        before.save("a/b", Map.of("paths", "/ä", "upstreams", "http://a:1"));
        before.save("a/b", Map.of("paths", "/ö"));

        LastGood after = new LastGood(folder.resolve("routes"));
        assertThat(after.load("a/b")).contains(Map.of("paths", "/ö"));
        assertThat(after.names()).containsExactly("a/b");
        assertThat(folder.resolve("routes")).isDirectoryContaining(file -> file.endsWith("a%2Fb.properties"));
    }

    @Test
    void what_is_out_of_date_goes_where_nothing_newer_can_be_written() throws Exception {
        LastGood kept = new LastGood(folder);
        kept.save("api", Map.of("paths", "/old"));
        // In the way of what is written first.
        Files.createDirectory(folder.resolve("api.properties.tmp"));

        kept.save("api", Map.of("paths", "/new"));

        assertThat(kept.load("api")).isEmpty();
    }
}

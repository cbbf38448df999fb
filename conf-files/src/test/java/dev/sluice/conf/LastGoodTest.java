package dev.sluice.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodTest {

    @TempDir
    private Path home;

    private LastGood lastGood() {
        return new LastGood(home.resolve("routes"), "route", "nothing");
    }

    @Test
    void what_is_saved_is_there_afterwards_and_nothing_else_is() {
        LastGood before = lastGood();
        before.save("a/b", Map.of("paths", "/ä", "upstreams", "http://a:1"));
        before.save("a/b", Map.of("paths", "/ö"));

        assertThat(lastGood().load("a/b")).contains(Map.of("paths", "/ö"));
        assertThat(home.resolve("routes")).isDirectoryContaining(file -> file.endsWith("a%2Fb.properties"));
    }

    @Test
    void what_was_kept_is_out_of_date_but_there_where_nothing_newer_can_be_written() throws Exception {
        LastGood kept = lastGood();
        kept.save("api", Map.of("paths", "/old"));
        // In the way of what is written first.
        Path inTheWay = Files.createDirectory(home.resolve("routes/api.properties.tmp"));

        for (int time = 0; time < 2; time++) {
            assertThat(kept.save("api", Map.of("paths", "/new"))).isFalse();
            assertThat(kept.load("api")).isEmpty();
            assertThat(kept.outdated("api")).contains(Map.of("paths", "/old"));
        }

        Files.delete(inTheWay);
        assertThat(kept.save("api", Map.of("paths", "/new"))).isTrue();
        assertThat(kept.load("api")).contains(Map.of("paths", "/new"));
        assertThat(kept.outdated("api")).isEmpty();
        assertThat(home.resolve("routes"))
                .isDirectoryNotContaining(file -> file.toString().endsWith(".old"));
    }

    @Test
    void what_is_out_of_date_is_forgotten_with_its_file() throws Exception {
        LastGood kept = lastGood();
        kept.save("a", Map.of("paths", "/old"));
        kept.save("b", Map.of("paths", "/old"));
        for (String name : Set.of("a", "b")) {
            Files.createDirectory(home.resolve("routes/" + name + ".properties.tmp"));
            kept.save(name, Map.of("paths", "/new"));
        }

        kept.forget("a");
        kept.keepOnly(Set.of());

        assertThat(kept.outdated("a")).isEmpty();
        assertThat(kept.outdated("b")).isEmpty();
    }

    @Test
    void what_cannot_be_read_is_lost_and_nothing_more() throws Exception {
        LastGood kept = lastGood();
        kept.save("api", Map.of("paths", "/old"));
        Files.writeString(home.resolve("routes/api.properties"), "paths=\\u00z9");

        assertThat(kept.load("api")).isEmpty();
        kept.save("api", Map.of("paths", "/new"));
        assertThat(lastGood().load("api")).contains(Map.of("paths", "/new"));
    }

    @Test
    void those_whose_files_went_meanwhile_are_forgotten() throws Exception {
        LastGood kept = lastGood();
        kept.keepOnly(Set.of("nothing was kept yet"));
        kept.save("a/b", Map.of("paths", "/a"));
        kept.save("gone/b", Map.of("paths", "/b"));
        // Not of ours.
        Path other = Files.createFile(home.resolve("routes/README"));

        lastGood().keepOnly(Set.of("a/b"));

        assertThat(kept.load("a/b")).isPresent();
        assertThat(kept.load("gone/b")).isEmpty();
        assertThat(other).exists();
    }

    @Test
    void a_file_that_nobody_here_has_called_so_stops_nothing() throws Exception {
        LastGood kept = lastGood();
        kept.save("a", Map.of("paths", "/a"));
        kept.save("gone", Map.of("paths", "/b"));
        Path other = Files.createFile(home.resolve("routes/100%.properties"));

        kept.keepOnly(Set.of("a"));

        assertThat(kept.load("a")).isPresent();
        assertThat(kept.load("gone")).isEmpty();
        assertThat(other).exists();
    }
}

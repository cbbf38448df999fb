package dev.sluice.deployer.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.artifact.Artifact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheRoomTest {

    @TempDir
    Path home;

    private Artifact artifact() throws IOException {
        Path stored = Files.writeString(home.resolve("stored"), "content");
        return new Artifact("a.jar", "digest", stored, "a", "1.0.0", List.of());
    }

    @Test
    void itIsThereWhereFilesCanBeMadeAndNoneOfThoseStays() throws Exception {
        Path cache = Files.createDirectory(home.resolve("cache"));
        assertThat(new CacheRoom(cache).isThereFor(artifact())).isTrue();
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void itIsNotThereWhereNoneCanBeMadeWhateverTheFreeBytes() throws Exception {
        Path cache = Files.createFile(home.resolve("cache"));
        assertThat(new CacheRoom(cache).isThereFor(artifact())).isFalse();
    }
}

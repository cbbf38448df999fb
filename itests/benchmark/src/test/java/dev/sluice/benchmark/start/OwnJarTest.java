package dev.sluice.benchmark.start;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnJarTest {

    @TempDir
    Path folder;

    @Test
    void hasThePeer() throws Exception {
        try (JarFile jar = new JarFile(OwnJar.write(folder.resolve("own.jar")).toFile())) {
            assertThat(jar.getEntry("dev/sluice/benchmark/server/JettyServer.class"))
                    .isNotNull();
            assertThat(jar.getEntry("dev/sluice/benchmark/server/Timing.class")).isNotNull();
        }
    }
}

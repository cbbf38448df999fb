package dev.sluice.benchmark.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {

    @TempDir
    Path folder;

    /** Else another may be given it before the server is there. */
    @Test
    void aFreePortIsNoneThatOthersAreGiven() throws Exception {
        for (int i : IntStream.range(0, 50).toArray()) {
            assertThat(ServerProcess.freePort()).as("attempt " + i).isBetween(1024, 32767);
        }
    }

    @Test
    void hasTheVariablesThatItIsGiven() throws Exception {
        Path log = folder.resolve("log");
        List<String> command = List.of("sh", "-c", "echo $JAVA_OPTS; exec sleep 60");
        try (ServerProcess process = new ServerProcess(command, Map.of("JAVA_OPTS", "-Xmx1g"), 1, log)) {
            process.await("printing", () -> Files.readString(log).equals("-Xmx1g\n"));
        }
    }
}

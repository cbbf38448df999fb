package dev.sluice.benchmark.load;

import com.google.gson.Gson;
import dev.sluice.benchmark.outside.Installed;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** wrk, as the machine has it. */
final class Wrk implements Load {

    private final Path command;

    private Wrk(Path command) {
        this.command = command;
    }

    static Optional<Wrk> installed() {
        return Installed.find("wrk").map(Wrk::new);
    }

    @Override
    public String described() {
        return Installed.says(command, "-v").replaceAll(" *\\[.*", "") + " with one thread";
    }

    @Override
    public Outcome run(URI target, int connections, Duration length) throws IOException, InterruptedException {
        Path script = Files.createTempFile("wrk", ".lua");
        try (InputStream in = Wrk.class.getResourceAsStream("report.lua")) {
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
            Process process = new ProcessBuilder(
                            command.toString(),
                            "-t1",
                            "-c" + connections,
                            "-d" + Math.max(1, length.toSeconds()) + "s",
                            "-s" + script,
                            target.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return parse(output);
        } finally {
            Files.delete(script);
        }
    }

    static Outcome parse(String output) {
        List<String> json = output.lines().filter(line -> line.startsWith("{")).toList();
        if (json.size() != 1) {
            throw new IllegalStateException("wrk has not said what it measured, but:\n" + output);
        }
        return new Gson().fromJson(json.get(0), Outcome.class);
    }
}

package dev.sluice.benchmark.start;

import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.outside.ShippedJar;
import dev.sluice.benchmark.outside.SluiceHome;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container, its chain empty, with a bundle that answers from memory.
 *
 * @param jdk what it runs on
 * @param isNew whether its home is new each time
 * @param byScript how it is started with class data; empty for {@code java -jar}, which knows nothing of it
 */
record StartingSluice(Jdk jdk, boolean isNew, Optional<ByScript> byScript) implements Starting {

    /**
     * The script, and its class data.
     *
     * @param distribution what has the script
     * @param data the folder with class data
     */
    record ByScript(Distribution distribution, Path data) {}

    @Override
    public String name() {
        return isNew ? "Sluice, new home" : "Sluice";
    }

    @Override
    public boolean hasClassData() {
        return byScript.isPresent();
    }

    @Override
    public Begun begin(Path work, List<String> flags) throws IOException {
        Files.createDirectories(work);
        SluiceHome home = new SluiceHome(isNew ? Files.createTempDirectory(work, "home-") : work.resolve("home"));
        if (!Files.exists(home.deploy("endpoint.jar"))) {
            home.deployEndpoint();
        }
        int port = ServerProcess.freePort();
        int admin = ServerProcess.freePort();
        List<String> command = new ArrayList<>(
                byScript.map(it -> List.of(it.distribution().script())).orElseGet(() -> byJava(flags)));
        command.addAll(List.of("--home", home.path().toString(), "--host", "127.0.0.1"));
        command.addAll(List.of("--port", String.valueOf(port), "--admin-port", String.valueOf(admin)));
        Map<String, String> environment = byScript.map(it -> Distribution.variables(jdk, flags, it.data()))
                .orElse(Map.of());
        return new Begun(
                new ServerProcess(command, environment, port, work.resolve("log")),
                Optional.of(URI.create("http://127.0.0.1:" + admin + "/health/ready")));
    }

    private List<String> byJava(List<String> flags) {
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(flags);
        command.addAll(List.of("-jar", ShippedJar.path().toString()));
        return command;
    }
}

package dev.sluice.benchmark.change;

import dev.sluice.benchmark.outside.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** haproxy: its configuration sets two headers, and is reloaded by its master. */
final class ChangingHaproxy implements Changing {

    private static final String CONFIGURATION =
            """
            global
              stats socket %1$s/socket expose-fd listeners
            defaults
              mode http
              timeout client 30s
              timeout server 30s
              timeout connect 5s
            frontend data
              bind 127.0.0.1:%2$d
              http-request return status %4$d content-type text/plain string "answered from memory" hdr X-First %3$s hdr X-Last %3$s
            """;

    private final Optional<Path> command = Installed.find("haproxy");

    @Override
    public String name() {
        return "haproxy reload";
    }

    @Override
    public Optional<String> missing() {
        return command.isPresent() ? Optional.empty() : Optional.of("it is not installed");
    }

    @Override
    public String described() {
        return Installed.says(command.orElseThrow(), "-v")
                + ": the file with its configuration is replaced, then its master (`-W`) gets SIGUSR2.";
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        int port = ServerProcess.freePort();
        Path file = Files.createDirectories(work.resolve("conf")).resolve("haproxy.cfg");
        Change write = to -> Replaced.with(
                file,
                beside -> Files.writeString(beside, CONFIGURATION.formatted(work, port, to, Changing.status(denies))));
        write.to(version);
        List<String> run = List.of(command.orElseThrow().toString(), "-W", "-f", file.toString());
        ServerProcess process = new ServerProcess(run, port, work.resolve("log"));
        return new Running(process.awaitStatus("/hello", Changing.status(denies)), to -> {
            write.to(to);
            Signal.send("USR2", process.pid());
        });
    }
}

package dev.sluice.benchmark.change;

import dev.sluice.benchmark.outside.Installed;
import dev.sluice.benchmark.outside.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A server that the machine has: its configuration sets two headers, and is reloaded on a signal. */
final class ChangingByReload implements Changing {

    private static final String NGINX =
            """
            daemon off;
            worker_processes auto;
            pid %1$s/nginx.pid;
            error_log stderr;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
              server {
                listen 127.0.0.1:%2$d;
                location / {
                  add_header X-First %3$s always;
                  add_header X-Last %3$s always;
                  return %4$d "answered from memory\\n";
                }
              }
            }
            """;

    private static final String HAPROXY =
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

    private final String server;
    private final String how;
    private final String configuration;
    private final String signal;
    private final BiFunction<Path, Path, List<String>> arguments;
    private final Optional<Path> command;

    /**
     * Makes it.
     *
     * @param server its command
     * @param how what makes it reload its configuration, in words
     * @param configuration a format that takes a folder of its own, the port, the version and the status
     * @param signal has the configuration reloaded
     * @param arguments what it is started with, by its folder and the file with its configuration
     */
    private ChangingByReload(
            String server,
            String how,
            String configuration,
            String signal,
            BiFunction<Path, Path, List<String>> arguments) {
        this.server = server;
        this.how = how;
        this.configuration = configuration;
        this.signal = signal;
        this.arguments = arguments;
        this.command = Installed.find(server);
    }

    /** nginx, with the signal that its command sends. */
    static Changing nginx() {
        return new ChangingByReload(
                "nginx",
                "then `nginx -s reload`.",
                NGINX,
                "HUP",
                (work, file) -> List.of("-p", work.toString(), "-c", file.toString()));
    }

    /** haproxy, whose master reloads it. */
    static Changing haproxy() {
        return new ChangingByReload(
                "haproxy",
                "then its master (`-W`) gets SIGUSR2.",
                HAPROXY,
                "USR2",
                (work, file) -> List.of("-W", "-f", file.toString()));
    }

    @Override
    public String name() {
        return server + " reload";
    }

    @Override
    public Optional<String> missing() {
        return command.isPresent() ? Optional.empty() : Optional.of("it is not installed");
    }

    @Override
    public String described() {
        return Installed.says(command.orElseThrow(), "-v") + ": the file with its configuration is replaced, " + how;
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        int port = ServerProcess.freePort();
        int status = Changing.status(denies);
        Path file = Files.createDirectories(work.resolve("conf")).resolve(server + ".cfg");
        Change write = to -> Replaced.with(
                file, beside -> Files.writeString(beside, configuration.formatted(work, port, to, status)));
        write.to(version);
        List<String> run = new ArrayList<>(List.of(command.orElseThrow().toString()));
        run.addAll(arguments.apply(work, file));
        ServerProcess process = new ServerProcess(run, port, work.resolve("log"));
        return new Running(process.awaitStatus("/hello", status), to -> {
            write.to(to);
            Signal.send(signal, process.pid());
        });
    }
}

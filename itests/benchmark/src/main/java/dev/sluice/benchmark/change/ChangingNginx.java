package dev.sluice.benchmark.change;

import dev.sluice.benchmark.outside.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** nginx: its configuration sets two headers, and is reloaded. */
final class ChangingNginx implements Changing {

    private static final String CONFIGURATION =
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

    private final Optional<Path> command = Installed.find("nginx");

    @Override
    public String name() {
        return "nginx reload";
    }

    @Override
    public Optional<String> missing() {
        return command.isPresent() ? Optional.empty() : Optional.of("it is not installed");
    }

    @Override
    public String described() {
        return Installed.says(command.orElseThrow(), "-v")
                + ": the file with its configuration is replaced, then `nginx -s reload`.";
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        int port = ServerProcess.freePort();
        Path file = Files.createDirectories(work.resolve("conf")).resolve("nginx.conf");
        Change write = to -> Replaced.with(
                file,
                beside -> Files.writeString(beside, CONFIGURATION.formatted(work, port, to, Changing.status(denies))));
        write.to(version);
        List<String> run = List.of(command.orElseThrow().toString(), "-p", work.toString(), "-c", file.toString());
        ServerProcess process = new ServerProcess(run, port, work.resolve("log"));
        return new Running(process.awaitStatus("/hello", Changing.status(denies)), to -> {
            write.to(to);
            // What `nginx -s reload` does.
            Signal.send("HUP", process.pid());
        });
    }
}

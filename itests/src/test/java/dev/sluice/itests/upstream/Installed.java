package dev.sluice.itests.upstream;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A server that the machine has installed, run by the test: from a folder of its own, on a port of the loopback that was
 * free and stays the same when it is started again.
 */
final class Installed implements AutoCloseable {

    private static final int MANY = 4096;

    private final Path program;
    private final Path folder;
    private final int port;
    private final List<String> arguments;
    private Process process;

    private Installed(String program, String arguments, BiFunction<Path, Integer, String> configuration) {
        this.program = find(program);
        this.arguments = List.of(arguments.split(" "));
        this.folder = Home.fresh(program).path();
        this.port = Ports.free();
        try {
            Files.createDirectories(folder.resolve("files"));
            Files.writeString(folder.resolve("conf"), configuration.apply(folder, port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return nginx, running; without it the test is skipped} */
    static Installed nginx() {
        return new Installed("nginx", "-e FOLDER/log -p FOLDER -c FOLDER/conf", Installed::ofNginx).start();
    }

    /** {@return lighttpd, running; without it the test is skipped} */
    static Installed lighttpd() {
        return new Installed("lighttpd", "-D -f FOLDER/conf", Installed::ofLighttpd).start();
    }

    /** Starts it again, at the same address, and waits until it takes connections. */
    Installed start() {
        try {
            process = command(arguments).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError(program + " doesn't start: " + log());
            }
            new Socket(InetAddress.getLoopbackAddress(), port).close();
        });
        return this;
    }

    /** Tells nginx to take new workers, and to let the old ones end their requests. */
    void reload() {
        try {
            int exit = command(Stream.concat(arguments.stream(), Stream.of("-s", "reload"))
                            .toList())
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new AssertionError("no reload: " + log());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** {@return its workers} */
    List<ProcessHandle> workers() {
        return process.children().toList();
    }

    /** Kills it at once, workers included: its connections are reset. */
    void kill() {
        List<ProcessHandle> workers = workers();
        process.destroyForcibly();
        process.onExit().join();
        workers.forEach(ProcessHandle::destroyForcibly);
        workers.forEach(worker -> worker.onExit().join());
    }

    @Override
    public void close() {
        kill();
        Home.delete(folder.getParent());
    }

    /** {@return its address, as a route has it} */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    /** {@return a file that it serves} */
    Path file(String name) {
        return folder.resolve("files").resolve(name);
    }

    /** Has it serve a file. */
    void serve(String name, byte[] content) {
        try {
            Files.write(file(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String log() {
        try {
            return Files.exists(folder.resolve("log")) ? Files.readString(folder.resolve("log")) : "no log";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private ProcessBuilder command(List<String> line) {
        List<String> all = Stream.concat(Stream.of(program.toString()), line.stream())
                .map(word -> word.replace("FOLDER", folder.toAbsolutePath().toString()))
                .toList();
        return new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
    }

    private static Path find(String program) {
        Optional<Path> found = Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin")
                .map(place -> Path.of(place, program))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(found.isPresent(), program + " isn't installed: .ci/run says how");
        return found.get();
    }

    /** The user is only heeded where root starts it, whose files others may not read. */
    private static String ofNginx(Path folder, int port) {
        return """
                daemon off;
                user %s;
                pid %s/pid;
                error_log %2$s/log;
                worker_processes 1;
                worker_rlimit_nofile %4$d;
                events { worker_connections %4$d; }
                http {
                    access_log off;
                    client_body_temp_path %2$s/body;
                    proxy_temp_path %2$s/proxy;
                    fastcgi_temp_path %2$s/fastcgi;
                    uwsgi_temp_path %2$s/uwsgi;
                    scgi_temp_path %2$s/scgi;
                    default_type text/plain;
                    client_max_body_size 0;
                    server {
                        listen 127.0.0.1:%3$d backlog=4096;
                        root %2$s/files;
                        location / { dav_methods PUT; }
                        location /gzip/ { gzip on; gzip_types text/plain; gzip_proxied any; alias %2$s/files/; }
                        location /small/ { dav_methods PUT; client_max_body_size 1k; }
                        location /nothing { return 204; }
                        location /moved { return 302 http://elsewhere.example/there?x=1#y; }
                        location /relative { absolute_redirect off; return 308 /here; }
                        location /cookies {
                            add_header Set-Cookie "a=1; Path=/x; Domain=inner.example; HttpOnly";
                            add_header Set-Cookie "b=2; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=Lax";
                            return 200 biscuits;
                        }
                        location /typed { types { } default_type "text/HTML; Charset=ISO-8859-1"; return 200 typed; }
                        location /inner/moved { return 302 "http://127.0.0.1:%3$d/inner/a b|c?x=1"; }
                        location /inner/elsewhere { return 302 http://elsewhere.example/inner/x; }
                        location /inner/cookies {
                            add_header Set-Cookie "a=1; Path=/inner/x; Domain=127.0.0.1; HttpOnly";
                            add_header Set-Cookie 'b=2; path="/inner"';
                            add_header Set-Cookie "c=3; Path=/other";
                            return 200 biscuits;
                        }
                        location /trailers/ { alias %2$s/files/; add_trailer X-Sum 12345; add_trailer X-More yes; }
                    }
                }
                """
                .formatted(System.getProperty("user.name"), folder.toAbsolutePath(), port, MANY);
    }

    /** What is sent to the script is digested as it comes. */
    private static String ofLighttpd(Path folder, int port) {
        try {
            Files.createDirectories(folder.resolve("files"));
            Files.createDirectories(folder.resolve("uploads"));
            for (String script : List.of("digest.sh", "whole-digest.sh")) {
                Files.writeString(
                        folder.resolve("files").resolve(script),
                        "printf 'Content-Type: text/plain\\r\\n\\r\\n'; sha256sum | cut -d ' ' -f 1\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return """
                server.modules = ("mod_cgi")
                server.document-root = "%1$s/files"
                server.upload-dirs = ("%1$s/uploads")
                server.errorlog = "%1$s/log"
                server.bind = "127.0.0.1"
                server.port = %2$d
                # One that it closes just as a body begins to come on it can't be asked anew: no matter of these tests.
                server.max-keep-alive-idle = 300
                server.stream-request-body = 2
                server.stream-response-body = 2
                cgi.assign = (".sh" => "/bin/sh")
                # It streams only what has a length.
                $HTTP["url"] =~ "^/whole" { server.stream-request-body = 0 }
                """
                .formatted(folder.toAbsolutePath(), port);
    }
}

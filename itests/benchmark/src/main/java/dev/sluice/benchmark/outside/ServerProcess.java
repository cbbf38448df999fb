package dev.sluice.benchmark.outside;

import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own, which ends with this one at the latest. */
public final class ServerProcess implements AutoCloseable {

    /** The same for every server. */
    public static final List<String> FLAGS = List.of("-Xms256m", "-Xmx256m", "-XX:+UseG1GC");

    private static final int OK = 200;
    private static final int FIRST_PORT = 20_000;
    /** Linux's by default; others begin higher. */
    private static final int FIRST_GIVEN_PORT = 32_768;

    private static final int PORTS_TRIED = 100;
    private static final Duration START = Duration.ofSeconds(300);
    private static final Duration STOP = Duration.ofSeconds(15);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Process process;
    private final long started;
    private final URI data;
    private final Path log;
    private final Thread atTheEnd;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Starts it.
     *
     * @param command the command and its arguments
     * @param port the port on which it is going to answer
     * @param log what it prints
     */
    public ServerProcess(List<String> command, int port, Path log) throws IOException {
        this(command, Map.of(), port, log);
    }

    /**
     * Starts it.
     *
     * @param command the command and its arguments
     * @param environment variables that it has besides those of this process
     * @param port the port on which it is going to answer
     * @param log what it prints
     */
    public ServerProcess(List<String> command, Map<String, String> environment, int port, Path log) throws IOException {
        this.data = URI.create("http://127.0.0.1:" + port);
        this.log = log;
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(log.toAbsolutePath().getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS"));
        builder.environment().putAll(environment);
        this.started = System.nanoTime();
        this.process = builder.start();
        this.atTheEnd = new Thread(() -> kill(process));
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    /** {@return a command that runs a class with the java that runs this} */
    public static List<String> java(List<String> flags, String classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-classpath", classPath, main));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Finds a port that nobody has now. It is below those that the system gives to whoever asks for any: one of those may be another's
     * before the server is there.
     *
     * @return the port
     */
    public static int freePort() throws IOException {
        BindException last = null;
        for (int i = 0; i < PORTS_TRIED; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_GIVEN_PORT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                last = taken;
            }
        }
        throw new IOException("of " + PORTS_TRIED + " ports none is free", last);
    }

    /** {@return a path on it} */
    public URI at(String path) {
        return data.resolve(path);
    }

    /** Writes a line to its standard input. */
    public void tell(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    /** {@return when it was started, by {@link System#nanoTime()}} */
    public long started() {
        return started;
    }

    /** {@return its process id} */
    public long pid() {
        return process.pid();
    }

    /** {@return what a GET is answered with; status 0 if with nothing} */
    public Reply get(URI uri, String... headers) throws InterruptedException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException nobodyThere) {
            return new Reply(0, "");
        }
    }

    /**
     * An answer.
     *
     * @param status its status; 0 for none
     * @param body its body
     */
    public record Reply(int status, String body) {}

    /** Waits until something is so. */
    public void await(String what, Check check) throws Exception {
        await(what, LOOK_NANOS, check);
    }

    /** Waits until something is so, and looks again after so many nanoseconds. */
    public void await(String what, long lookNanos, Check check) throws Exception {
        long start = System.nanoTime();
        while (!check.holds()) {
            if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
                throw new IllegalStateException(
                        (process.isAlive() ? "after " + START + " still not " : "has ended and is not ") + what
                                + "; it printed:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(lookNanos);
        }
    }

    /** What is waited for. */
    @FunctionalInterface
    public interface Check {
        /** {@return whether it is so} */
        boolean holds() throws Exception;
    }

    /** Waits until a path is answered with a status. */
    public ServerProcess awaitStatus(String path, int status) throws Exception {
        await("answering " + path + " with " + status, () -> get(at(path)).status() == status);
        return this;
    }

    /** Waits until a path is answered with 200. */
    ServerProcess awaitAnswer(String path) throws Exception {
        return awaitStatus(path, OK);
    }

    @Override
    public void close() {
        end(STOP);
    }

    /** Ends it: it is asked to, and killed if it is still there after so long, with what it has started. */
    public void end(Duration patience) {
        process.destroy();
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process).waitFor();
            }
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
        } catch (IllegalStateException atTheEndAlready) {
            // The hook runs, and does the same.
        }
    }

    /** Its children first, while it is known whose they are. */
    private static Process kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        return process.destroyForcibly();
    }
}

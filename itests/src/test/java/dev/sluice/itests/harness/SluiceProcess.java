package dev.sluice.itests.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The shipped JAR, running. */
public final class SluiceProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(60);

    private final Process process;
    private final Home home;
    private final String java;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> stdout = new CopyOnWriteArrayList<>();
    private final List<String> stderr = new CopyOnWriteArrayList<>();
    private final CompletableFuture<ReadyLine> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> drained;
    /** Tests look fifty times a second: a client of its own for each look would take more of the machine than the container. */
    private final Client looks = Client.anonymous();

    private SluiceProcess(Process process, Home home, String java) {
        this.process = process;
        this.home = home;
        this.java = java;
        drained = CompletableFuture.allOf(
                reader("stdout", process.getInputStream(), stdout), reader("stderr", process.getErrorStream(), stderr));
        drained.thenRun(() -> ready.completeExceptionally(new IOException("ended before it was ready")));
        Unanswered.started(this);
        process.onExit().thenRun(() -> Unanswered.ended(this));
    }

    /** {@return a builder for a process on a home} */
    public static Builder on(Home home) {
        return new Builder(home);
    }

    /** Waits for the ready line. */
    public SluiceProcess awaitReady() {
        try {
            ready.get(START.toMillis(), TimeUnit.MILLISECONDS);
            return this;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("not ready (" + e + "); it printed:\n" + log(), e);
        }
    }

    /** {@return the ready line} */
    public ReadyLine readyLine() {
        awaitReady();
        return ready.join();
    }

    /** {@return whether the ready line was printed} */
    public boolean isReady() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** {@return whether it is ready, and one of its listeners has that port} */
    boolean listensOn(int port) {
        return isReady() && (data().getPort() == port || admin().getPort() == port);
    }

    /** {@return the data listener's address} */
    public URI data() {
        return loopback(readyLine().data());
    }

    /** {@return a path on the data listener} */
    public URI data(String path) {
        return data().resolve(path);
    }

    /** {@return the admin listener's address} */
    public URI admin() {
        return loopback(readyLine().console()).resolve("/");
    }

    /** {@return a path on the admin listener} */
    public URI admin(String path) {
        return admin().resolve(path);
    }

    /** {@return its home} */
    public Home home() {
        return home;
    }

    /** {@return the password that was generated at the first start} */
    public String password() {
        try {
            return Files.readString(home.data().resolve("admin-password")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a client of the admin listener, logged in} */
    public Client operator() {
        return Client.withLogin("admin", password());
    }

    /** {@return what {@code GET /api/v1/status} says now} */
    public Status status() {
        return Status.parse(
                looks.login("admin", password()).get(admin("/api/v1/status")).body());
    }

    /** {@return the process id} */
    public long pid() {
        return process.pid();
    }

    /** {@return the java command that runs it} */
    public String java() {
        return java;
    }

    /** {@return what it printed, both streams in the order of arrival} */
    public String log() {
        return String.join("\n", output);
    }

    /** {@return the lines on its standard output} */
    public List<String> stdout() {
        return List.copyOf(stdout);
    }

    /** {@return the lines on its standard error} */
    public List<String> stderr() {
        return List.copyOf(stderr);
    }

    /** {@return whether it runs} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it as {@code kill -9} does. */
    public void kill9() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Sends SIGTERM. */
    public SluiceProcess sigterm() {
        process.destroy();
        return this;
    }

    /** Sends SIGTERM, and goes on reading what the process prints: to be used where more signals follow. */
    public SluiceProcess signal() {
        process.toHandle().destroy();
        return this;
    }

    /** Sends SIGTERM and waits for the end. */
    public int terminate() {
        return sigterm().awaitExit();
    }

    /** Waits for the end, and for the last line it printed. */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                String threads = isReady() ? Jvm.of(this).threads() : "";
                process.destroyForcibly();
                throw new AssertionError("still alive after " + STOP + "; it printed:\n" + log() + "\n" + threads);
            }
            drained.get(STOP.toMillis(), TimeUnit.MILLISECONDS);
            return process.exitValue();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Ends it, whatever it does. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            awaitExit();
        }
    }

    private CompletableFuture<Void> reader(String name, InputStream in, List<String> lines) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8))) {
                        for (String line; (line = reader.readLine()) != null; ) {
                            lines.add(line);
                            output.add(line);
                            ReadyLine.parse(line).ifPresent(ready::complete);
                        }
                    } catch (IOException e) {
                        output.add(name + " broke off: " + e);
                    } finally {
                        end.complete(null);
                    }
                },
                name + " of " + process.pid());
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    /** The tests run on the machine itself, whatever name the ready line shows. */
    private static URI loopback(URI uri) {
        return URI.create("http://127.0.0.1:" + uri.getPort() + uri.getPath());
    }

    /** How to start it. */
    public static final class Builder {

        private final Home home;
        private final List<String> arguments = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>(List.of("-Xmx256m"));
        private final Map<String, String> environment = new HashMap<>();
        private final List<String> prefix = new ArrayList<>();
        private Path jar = Shipped.jar();
        private Path script;
        private boolean anyPorts = true;
        private boolean publishWhole = true;

        private Builder(Home home) {
            this.home = home;
        }

        /** Adds arguments after {@code --home}. */
        public Builder args(String... more) {
            arguments.addAll(List.of(more));
            return this;
        }

        /** Adds arguments for the JVM. */
        public Builder jvm(String... more) {
            jvm.addAll(List.of(more));
            return this;
        }

        /** Runs it by another command, as {@code setpriv}. */
        public Builder by(String... command) {
            prefix.addAll(List.of(command));
            return this;
        }

        /** Runs a copy of the shipped JAR. */
        public Builder jar(Path copy) {
            jar = copy;
            return this;
        }

        /** Runs it by {@code bin/sluice}, which finds the JAR, and has what is for the JVM from the environment. */
        public Builder script(Path path) {
            script = path;
            return this;
        }

        /** Sets a variable of the environment. */
        public Builder env(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Leaves the ports to the arguments or the environment; else 0 is asked for, and any free one taken. */
        public Builder ownPorts() {
            anyPorts = false;
            return this;
        }

        /** Leaves rollouts to the policy that holds without configuration; else new versions are published whole and at once. */
        public Builder standardPolicy() {
            publishWhole = false;
            return this;
        }

        /** Starts it, and doesn't wait. */
        public SluiceProcess launch() {
            String java = Shipped.java().toString();
            List<String> command = new ArrayList<>(prefix);
            if (script == null) {
                command.add(java);
                command.addAll(jvm);
                command.addAll(List.of("-jar", jar.toString()));
            } else {
                command.add(script.toString());
            }
            command.addAll(List.of("--home", home.path().toString()));
            if (anyPorts) {
                command.addAll(List.of("--port", "0", "--admin-port", "0"));
            }
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.directory(workingDirectory().toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
            builder.environment().remove("JAVA_TOOL_OPTIONS");
            if (script != null) {
                builder.environment().put("JAVA_HOME", Shipped.javaHome().toString());
                builder.environment().put("JAVA_OPTS", String.join(" ", jvm));
            }
            builder.environment().putAll(environment);
            // Who only asks for words makes no home.
            if (publishWhole && !arguments.contains("--help") && !arguments.contains("--version")) {
                home.publishWhole();
            }
            try {
                return new SluiceProcess(builder.start(), home, java);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Starts it and waits until it is ready. */
        public SluiceProcess start() {
            return launch().awaitReady();
        }

        private Path workingDirectory() {
            Path folder = home.path().toAbsolutePath().getParent();
            return Files.isDirectory(folder) ? folder : Shipped.workDirectory().toAbsolutePath();
        }
    }
}

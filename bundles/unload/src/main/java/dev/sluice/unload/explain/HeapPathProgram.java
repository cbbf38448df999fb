package dev.sluice.unload.explain;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program {@code heap-path}, run in a JVM of its own: it needs much memory for a while, and may run out of it. It ends when it
 * has run for too long, when it is told to, and, as its input ends then, when this JVM does.
 *
 * <p>{@code stop} may be called from any thread, {@code run} from one at a time.
 */
final class HeapPathProgram {

    /** How it ended: see {@code dev.sluice.heap.Outcome}. */
    static final int PATH = 0;

    static final int UNKNOWN = 10;
    static final int NOT_HELD = 11;
    static final int COLLECTED = 12;
    static final int UNREADABLE = 13;
    static final int MEMORY = 14;
    /** It was ended, since its time was over. */
    static final int TIMEOUT = -1;

    private static final String RESOURCE = "/heap-path.jar";
    private static final String STOPPING = "the container is stopping";
    private static final int MOST_LINES = 10_000;
    private static final int MOST_ERRORS = 4_000;
    private static final long MEGABYTE = 1 << 20;
    private static final Path NICE = Path.of("/usr/bin/nice");

    /**
     * What it printed.
     *
     * @param code how it ended
     * @param lines its output
     * @param errors its error output, shortened
     */
    record Output(int code, List<String> lines, String errors) {}

    private final Object lock = new Object();
    /** Guarded by the lock, as is whether there may be another: one that starts while all is stopped would outlive it. */
    private Process running;

    private boolean stopped;

    /**
     * Runs it to its end.
     *
     * @param dumps gives it its files
     * @param dump what it reads
     * @param number the unload's number
     * @param memory its heap in bytes
     * @param timeout how long it may take
     * @throws IOException if it can't be started, or prints too much
     */
    Output run(HeapDumps dumps, Path dump, long number, long memory, Duration timeout)
            throws IOException, InterruptedException {
        Path program = dumps.file("program.jar");
        try (InputStream jar = HeapPathProgram.class.getResourceAsStream(RESOURCE)) {
            if (jar == null) {
                throw new IOException("the bundle dev.sluice.unload hasn't got " + RESOURCE + ": build it anew");
            }
            // In a folder that nobody else may enter: so nobody else writes what is run.
            Files.copy(jar, program);
        }
        Path errors = dumps.file("errors.txt");
        Process process = start(command(program, dump, number, memory), errors);
        try {
            // The timer is the JDK's own: the reader below is let go when the process has ended.
            boolean[] late = new boolean[1];
            process.onExit()
                    .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((ended, tooLate) -> {
                        if (tooLate != null) {
                            synchronized (lock) {
                                late[0] = true;
                            }
                            end(process);
                        }
                    });
            List<String> lines = read(process, late);
            int code = process.waitFor();
            synchronized (lock) {
                return new Output(late[0] ? TIMEOUT : code, lines, shortened(errors));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** Ends it, and lets no other start. */
    void stop() {
        synchronized (lock) {
            stopped = true;
            if (running != null) {
                end(running);
            }
        }
    }

    /** By its handle, as {@link Process#destroyForcibly} closes the streams too: who reads them would fail, and not see the end. */
    private static void end(Process process) {
        process.toHandle().destroyForcibly();
    }

    private Process start(List<String> command, Path errors) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        // What is set for the container's JVM isn't for this one: agents, ports, heaps, passwords.
        builder.environment().clear();
        synchronized (lock) {
            if (stopped) {
                throw new IOException(STOPPING);
            }
            running = builder.start();
            return running;
        }
    }

    private static List<String> command(Path program, Path dump, long number, long memory) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "10"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + Math.max(1, memory / MEGABYTE) + "m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-jar",
                program.toString(),
                dump.toString(),
                String.valueOf(number)));
        return command;
    }

    /** Whoever ends it closes its output, too: that isn't what is to be told then. */
    private List<String> read(Process process, boolean[] late) throws IOException {
        try {
            return read(process);
        } catch (IOException e) {
            synchronized (lock) {
                if (late[0]) {
                    return List.of();
                }
                throw stopped ? new IOException(STOPPING, e) : e;
            }
        }
    }

    private static List<String> read(Process process) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (lines.size() > MOST_LINES) {
                    throw new IOException("the program prints more than it should");
                }
            }
        }
        return lines;
    }

    private static String shortened(Path errors) throws IOException {
        try (InputStream text = Files.newInputStream(errors)) {
            return new String(text.readNBytes(MOST_ERRORS), StandardCharsets.UTF_8).strip();
        }
    }
}

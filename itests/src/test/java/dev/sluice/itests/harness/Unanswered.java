package dev.sluice.itests.harness;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says of a request that has had no answer for long what the container did meanwhile: the stacks of all its threads, as they
 * are when the client's patience ends, in a file beside the tests' homes, which the failure names. One for each process is
 * enough, and the first is the one to read: when one request hangs, those behind it do.
 */
public final class Unanswered {

    private static final Set<SluiceProcess> RUNNING = ConcurrentHashMap.newKeySet();
    private static final Map<SluiceProcess, String> TOLD = new ConcurrentHashMap<>();

    private Unanswered() {}

    static void started(SluiceProcess process) {
        RUNNING.add(process);
    }

    static void ended(SluiceProcess process) {
        RUNNING.remove(process);
    }

    /**
     * To be asked while the connection is still open, so that the request is still there.
     *
     * @param server whom the request was sent to
     * @param timeout what the client has thrown
     * @return the same, with a message that says where the threads are; just the same if it isn't one of these processes
     */
    public static IOException told(URI server, IOException timeout) {
        return RUNNING.stream()
                .filter(process -> process.listensOn(server.getPort()))
                .findFirst()
                .<IOException>map(process -> new IOException(
                        timeout + ", no answer from " + server + "; its threads: "
                                + TOLD.computeIfAbsent(process, Unanswered::threads),
                        timeout))
                .orElse(timeout);
    }

    private static String threads(SluiceProcess process) {
        Path file = Shipped.workDirectory().toAbsolutePath().resolve("threads-" + process.pid() + ".txt");
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, Jvm.of(process).threads()).toString();
        } catch (IOException | RuntimeException | AssertionError e) {
            return "can't be had: " + e;
        }
    }
}

package dev.sluice.benchmark.load;

import com.google.gson.Gson;
import dev.sluice.benchmark.outside.ServerProcess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A load in Java, in a process of its own: {@link Generator} runs there. */
public final class JavaLoad implements Load {

    @Override
    public String described() {
        return "a load of its own in Java, with one thread for each connection";
    }

    @Override
    public Outcome run(URI target, int connections, Duration length) throws Exception {
        return watch(target, connections, length).outcome();
    }

    /** {@return the same, with what was seen of the versions that answered} */
    public Watched watch(URI target, int connections, Duration length) throws Exception {
        Process process = start(target, connections, length);
        return result(process);
    }

    /** {@return the process, started; {@link #result} waits for it} */
    public Process start(URI target, int connections, Duration length) throws Exception {
        List<String> command = ServerProcess.java(
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                Generator.class.getName(),
                target.toString(),
                String.valueOf(connections),
                String.valueOf(length.toMillis()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** {@return what a load has seen, when it is over} */
    public Watched result(Process process) throws Exception {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the load has failed: " + output);
        }
        return new Gson().fromJson(output, Watched.class);
    }
}

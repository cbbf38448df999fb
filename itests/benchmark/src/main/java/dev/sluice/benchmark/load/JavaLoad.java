package dev.sluice.benchmark.load;

import com.google.gson.Gson;
import dev.sluice.benchmark.outside.ServerProcess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** A load in Java, in a process of its own: {@link Generator} runs there. */
public final class JavaLoad implements Load {

    private static final int OK = 200;

    @Override
    public String described() {
        return "a load of its own in Java, with one thread for each connection";
    }

    @Override
    public Outcome run(URI target, int connections, Duration length) throws Exception {
        return result(start(target, connections, Duration.ZERO, length, OK)).outcome();
    }

    /**
     * Starts it.
     *
     * @param target what to ask for
     * @param connections over how many connections
     * @param warmUp for how long no times are taken, as its own JVM is cold; all else counts from the first request on
     * @param length for how long they are taken then
     * @param status what each request is to be answered with
     * @return the process; {@link #result} waits for it
     */
    public Process start(URI target, int connections, Duration warmUp, Duration length, int status) throws Exception {
        List<String> command = ServerProcess.java(
                List.of("-Xmx256m", "-XX:+UseSerialGC"),
                System.getProperty("java.class.path"),
                Generator.class.getName(),
                new Generator.Wanted(target, connections, warmUp, length, status).arguments());
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

package dev.sluice.benchmark.outside;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The shipped JAR in a process, and what its status says. */
public final class Sluice {

    private final ServerProcess process;
    private final SluiceHome home;
    private final URI status;

    private Sluice(ServerProcess process, SluiceHome home, URI status) {
        this.process = process;
        this.home = home;
        this.status = status;
    }

    /** {@return it, started} */
    public static Sluice start(SluiceHome home, Path work, List<String> flags) throws Exception {
        return start(ShippedJar.path(), home, work, flags);
    }

    /** {@return the same with one bundle more, which takes the time around the chain} */
    public static Sluice startTimed(SluiceHome home, Path work, List<String> flags) throws Exception {
        return start(TimedJar.in(work), home, work, flags);
    }

    private static Sluice start(Path jar, SluiceHome home, Path work, List<String> flags) throws Exception {
        int port = ServerProcess.freePort();
        int admin = ServerProcess.freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of("--home", home.path().toString(), "--host", "127.0.0.1"));
        command.addAll(List.of("--port", String.valueOf(port), "--admin-port", String.valueOf(admin)));
        return new Sluice(
                new ServerProcess(command, port, work.resolve("log")),
                home,
                URI.create("http://127.0.0.1:" + admin + "/api/v1/status"));
    }

    /** {@return its process} */
    public ServerProcess process() {
        return process;
    }

    /** Waits until so many middleware serve, and no more and no fewer. */
    public void awaitServing(int middleware) throws Exception {
        process.await(middleware + " middleware serving", () -> isServing(middleware));
    }

    /** {@return whether so many middleware serve, and no more and no fewer} */
    boolean isServing(int middleware) throws Exception {
        JsonObject now = status();
        return now.has("chain") && now.get("started").getAsBoolean() && serving(now) == middleware;
    }

    /** Waits until a version is being rolled out. */
    void awaitRollout() throws Exception {
        process.await("rolling out", this::isRollingOut);
    }

    /** {@return whether a version is being rolled out} */
    boolean isRollingOut() throws Exception {
        JsonObject now = status();
        return now.has("rollouts") && now.getAsJsonArray("rollouts").size() > 0;
    }

    private static long serving(JsonObject now) {
        JsonArray chain = now.getAsJsonArray("chain");
        long serving = 0;
        for (JsonElement place : chain) {
            serving += place.getAsJsonObject().get("state").getAsString().equals("SERVING") ? 1 : 0;
        }
        return serving;
    }

    /** Empty while nobody answers. */
    private JsonObject status() throws Exception {
        String login;
        try {
            login = "admin:" + home.password();
        } catch (NoSuchFileException notYet) {
            return new JsonObject();
        }
        ServerProcess.Reply reply = process.get(
                status,
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        return reply.status() == 200 ? JsonParser.parseString(reply.body()).getAsJsonObject() : new JsonObject();
    }
}

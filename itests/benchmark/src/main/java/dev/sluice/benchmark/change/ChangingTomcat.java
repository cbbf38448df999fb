package dev.sluice.benchmark.change;

import dev.sluice.benchmark.bundle.WarFile;
import dev.sluice.benchmark.outside.ClassPath;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.server.TomcatHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;

/** Tomcat: a WAR is replaced, or, deployed in parallel, the next version is put beside it. */
final class ChangingTomcat implements Changing {

    /** A file that was changed within the last second isn't deployed again, whatever its size. */
    private static final Duration BUILT = Duration.ofSeconds(5);

    private final boolean inParallel;

    ChangingTomcat(boolean inParallel) {
        this.inParallel = inParallel;
    }

    @Override
    public String name() {
        return inParallel ? "Tomcat parallel" : "Tomcat autoDeploy";
    }

    @Override
    public String described() {
        return "Tomcat " + ClassPath.version("tomcat-embed-core") + " with `autoDeploy`: "
                + (inParallel
                        ? "the next version's WAR is put beside it (`ROOT##1.0.2.war`), with `undeployOldVersions`."
                        : "the WAR is replaced; its time is that of its build, which was "
                                + BUILT.toSeconds()
                                + " s ago, as Tomcat leaves alone what is younger than a second.")
                + " It looks each second, rather than each ten as it does by default.";
    }

    @Override
    public Running start(String version, boolean denies, Path work) throws Exception {
        Path apps = Files.createDirectories(work.resolve("tomcat").resolve("webapps"));
        Change change =
                to -> Replaced.with(apps.resolve(inParallel ? "ROOT##" + padded(to) + ".war" : "ROOT.war"), beside -> {
                    new WarFile(to, denies).write(beside);
                    Instant built =
                            Files.getLastModifiedTime(beside).toInstant().minus(BUILT);
                    Files.setLastModifiedTime(beside, FileTime.from(built));
                });
        change.to(version);
        int port = ServerProcess.freePort();
        ServerProcess process = new ServerProcess(
                ServerProcess.java(
                        ServerProcess.FLAGS,
                        ClassPath.with("tomcat-"),
                        TomcatHost.class.getName(),
                        String.valueOf(port),
                        work.resolve("tomcat").toString()),
                port,
                work.resolve("log"));
        return new Running(process.awaitStatus("/hello", Changing.status(denies)), change);
    }

    /** Versions are compared as texts there. */
    private static String padded(String version) {
        String last = version.substring(version.lastIndexOf('.') + 1);
        return "0".repeat(Math.max(0, 6 - last.length())) + last;
    }
}

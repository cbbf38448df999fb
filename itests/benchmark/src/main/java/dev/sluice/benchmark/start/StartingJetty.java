package dev.sluice.benchmark.start;

import dev.sluice.benchmark.outside.ClassPath;
import dev.sluice.benchmark.outside.ServerProcess;
import dev.sluice.benchmark.server.JettyServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plain Jetty, with no filter but that which takes the time.
 *
 * @param jdk what it runs on
 * @param jar the peer's own classes
 * @param data its class data, if it has any
 */
record StartingJetty(Jdk jdk, Path jar, Optional<Path> data) implements Starting {

    private static final String[] LIBRARIES = {"jetty-", "jakarta.servlet-api", "slf4j-", "HdrHistogram"};

    /** As many as the container asks itself in its own training. */
    private static final int TRAINING = 5;

    /** The JVM writes when it ends. */
    private static final Duration WRITING = Duration.ofMinutes(3);

    static String described() {
        return "Jetty: Jetty " + ClassPath.version("jetty-server")
                + " with EE10 servlets, by a `main` of its own, all in JARs on the class path, without a log."
                + " Its class data is made as the JDK documents it, in a run with " + TRAINING
                + " requests that ends in good order: from JDK 25 on by `-XX:AOTCacheOutput`, before by `-XX:ArchiveClassesAtExit`.";
    }

    @Override
    public String name() {
        return "Jetty";
    }

    @Override
    public boolean hasClassData() {
        return data.isPresent();
    }

    @Override
    public Begun begin(Path work, List<String> flags) throws IOException {
        int port = ServerProcess.freePort();
        List<String> command = new ArrayList<>(List.of(jdk.java()));
        command.addAll(flags);
        data.map(file -> (jdk.hasAotCache() ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file)
                .ifPresent(command::add);
        String classPath = jar + File.pathSeparator + ClassPath.jars(LIBRARIES);
        command.addAll(List.of("-classpath", classPath, JettyServer.class.getName()));
        command.addAll(List.of(String.valueOf(port), "0", work.toString()));
        return new Begun(new ServerProcess(command, port, work.resolve("log")), Optional.empty());
    }

    /** {@return the same with class data, which is made} */
    StartingJetty withClassData(Path file, Path work) throws Exception {
        List<String> flags = new ArrayList<>(ServerProcess.FLAGS);
        flags.add((jdk.hasAotCache() ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + file);
        ServerProcess process = begin(work, flags).process();
        try {
            for (int i = 0; i < TRAINING; i++) {
                FirstAnswer.await(process, process.at("/hello"));
            }
        } finally {
            process.end(WRITING);
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(
                    "the JVM has written no " + file + ", and printed:\n" + Files.readString(work.resolve("log")));
        }
        return new StartingJetty(jdk, jar, Optional.of(file));
    }
}

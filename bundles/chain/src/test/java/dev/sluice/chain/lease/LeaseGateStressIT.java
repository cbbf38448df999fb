package dev.sluice.chain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the jcstress tests of this package. */
class LeaseGateStressIT {

    @Test
    @Timeout(300)
    void noForbiddenOutcomeIsSeen() throws Exception {
        Path results = Path.of("target", "jcstress").toAbsolutePath();
        Files.createDirectories(results);
        Path log = results.resolve("jcstress.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(),
                        "org.openjdk.jcstress.Main",
                        "-m",
                        "quick",
                        "-v",
                        "-t",
                        "dev.sluice.chain.lease",
                        // One JVM configuration, and both actors compiled alike: the hardware is what is tested here.
                        "-jvmArgs",
                        "-XX:+UseSerialGC",
                        "-sc",
                        "false",
                        "-f",
                        "1",
                        "-iters",
                        "5",
                        "-time",
                        "1000",
                        "-hs",
                        "128",
                        "-r",
                        results.toString())
                .directory(results.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(process.waitFor(280, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Files.readString(log))
                .contains("EnterAgainstRetire", "LeaveAgainstRetire", "LastAgainstLate")
                .doesNotContain("[FAILED]", "[ERROR]");
    }

    /** The class path as the build knows it: what this JVM was started with may be a JAR with nothing but a manifest. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}

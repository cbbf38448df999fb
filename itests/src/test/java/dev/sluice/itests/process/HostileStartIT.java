package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bundles whose start hangs, or ends the process: others are deployed and removed meanwhile, and a restart recovers. */
@Tag("process")
@Tag("one-java")
class HostileStartIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final Home home = sluices.home();

    private static byte[] greeting(String version) {
        return TestBundle.stamping("greeting", version).jar();
    }

    private static TestBundle hanging(String version) {
        return TestBundle.of("test.hanging", version)
                .middleware("hanging", "/*", 10, "stamp")
                .header("Test-Start", "hang");
    }

    private static byte[] ending(String statement) {
        return activator("ending", statement, "");
    }

    /** Its stop leaves a file behind. */
    private static byte[] noting(Path note) {
        return activator(
                "noting", "", "java.nio.file.Files.createFile(java.nio.file.Path.of(\"%s\"));".formatted(note));
    }

    private static byte[] activator(String name, String start, String stop) {
        return TestBundle.of("test." + name, "1.0.0")
                .source(
                        name + ".Activator",
                        """
                        package %s;
                        public final class Activator implements org.osgi.framework.BundleActivator {
                            public void start(org.osgi.framework.BundleContext context) {
                                %s
                            }
                            public void stop(org.osgi.framework.BundleContext context) throws Exception {
                                %s
                            }
                        }
                        """
                                .formatted(name, start, stop))
                .header("Bundle-Activator", name + ".Activator")
                .imports("org.osgi.framework")
                .jar();
    }

    private static String stateOf(SluiceProcess sluice, String file) {
        return sluice.status().stateOf(file);
    }

    @Test
    void whileOneHangsOthersAreDeployedReplacedAndRemovedAtOnce() {
        home.configure("dev.sluice.deployer", "start.timeout=1h");
        SluiceProcess sluice = sluices.start(home);
        home.copy(greeting("1.0.0"), "greeting.jar");
        home.copy(TestBundle.stamping("doomed", "1.0.0").jar(), "doomed.jar");
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        Answers.awaitServing(sluice, "doomed", "1.0.0");

        try (Load load = Load.on(sluice.data("/"), Answers.sameVersion(404, "greeting"))) {
            home.copy(hanging("1.0.0").jar(), "hanging.jar");
            Await.until(() -> assertThat(stateOf(sluice, "hanging.jar")).isEqualTo("CLAIMED"));

            home.copy(greeting("1.1.0"), "greeting.jar");
            Answers.awaitServing(sluice, "greeting", "1.1.0");
            home.copy(TestBundle.stamping("other", "1.0.0").jar(), "other.jar");
            Answers.awaitServing(sluice, "other", "1.0.0");
            home.remove("doomed.jar");
            Answers.awaitGone(sluice, "doomed");
            assertThat(stateOf(sluice, "hanging.jar")).as("it still hangs").isEqualTo("CLAIMED");

            load.stop();
            assertThat(load.complaints()).isEmpty();
        }
        assertThat(sluice.terminate()).as("a trial is no reason not to stop").isZero();

        home.configure("dev.sluice.deployer", "start.timeout=1s");
        SluiceProcess again = sluices.start(home);
        Answers.assertServing(again, "greeting", "1.1.0");
        Await.until(() -> assertThat(home.markerText("hanging.jar")).contains("hasn't come to an end within 1s"));
        home.remove("hanging.jar");
        Await.until(() -> assertThat(stateOf(again, "hanging.jar")).isEmpty());
    }

    @Test
    void aBundleThatCallsExitStopsTheContainerOnceAndIsNotTriedAgainByItself() {
        // Its thread never gives its lock back, so the framework can't stop it; all others are stopped.
        SluiceProcess sluice = sluices.start(home);
        home.copy(greeting("1.0.0"), "greeting.jar");
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        Path stopped = home.path().resolve("stopped").toAbsolutePath();
        home.copy(noting(stopped), "noting.jar");
        Await.until(() -> assertThat(stateOf(sluice, "noting.jar")).isEqualTo("PUBLISHED"));
        home.copy(ending("System.exit(7);"), "ending.jar");
        int code = sluice.awaitExit();
        assertThat(sluice.log()).contains("ending.Activator.start(Activator.java:4) has called System.exit");
        assertThat(code).isEqualTo(7);
        assertThat(stopped).as("another bundle's stop").exists();

        SluiceProcess again = sluices.start(home);
        Answers.assertServing(again, "greeting", "1.0.0");
        Await.until(() -> assertThat(stateOf(again, "ending.jar")).isEqualTo("FAILED"));
        Status status = again.status();
        assertThat(status.deployment("ending.jar").orElseThrow().reason())
                .contains("ending.Activator.start(Activator.java:4) called System.exit");
        assertThat(home.markerText("ending.jar")).contains("copy the file again to try it once more");
        assertThat(again.terminate()).isZero();
    }

    @Test
    void aBundleThatHaltsTheProcessIsTriedOnceMoreAloneAndThenNotAgain() {
        SluiceProcess sluice = sluices.start(home);
        home.copy(greeting("1.0.0"), "greeting.jar");
        Answers.awaitServing(sluice, "greeting", "1.0.0");
        home.copy(ending("Runtime.getRuntime().halt(9);"), "ending.jar");
        assertThat(sluice.awaitExit()).isEqualTo(9);

        SluiceProcess suspecting = sluices.launch(SluiceProcess.on(home));
        assertThat(suspecting.awaitExit()).isEqualTo(9);

        SluiceProcess again = sluices.start(home);
        Answers.assertServing(again, "greeting", "1.0.0");
        Await.until(() -> assertThat(home.markerText("ending.jar"))
                .contains("the container's process died 2 times in a row while this bundle was tried"));
        home.copy(greeting("1.1.0"), "greeting.jar");
        Answers.awaitServing(again, "greeting", "1.1.0");
    }

    @Test
    void aKillWhileAnInnocentIsTriedCondemnsNobody() {
        home.configure("dev.sluice.deployer", "start.timeout=1h");
        SluiceProcess sluice = sluices.start(home);
        home.copy(hanging("1.0.0").jar(), "greeting.jar");
        Await.until(() -> assertThat(stateOf(sluice, "greeting.jar")).isEqualTo("CLAIMED"));
        sluice.kill9();
        home.copy(greeting("1.0.0"), "greeting.jar");
        Answers.awaitServing(sluices.start(home), "greeting", "1.0.0");
    }
}

package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.chain.Trip;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What somebody takes away who is neither the deployer nor an operator: status says so, and there is a way back. */
class TakenAwayTest {

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(reason()).isEmpty();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private Optional<String> reason() {
        return fixture.in("auth.jar", DeploymentState.PUBLISHED).flatMap(DeploymentView::reason);
    }

    private Bundle auth() {
        return fixture.framework.bundle("auth", "1.0.0");
    }

    private void copyAgain() throws Exception {
        Path again = Files.write(home.resolve("again.jar"), Files.readAllBytes(fixture.file("auth.jar")));
        Files.move(again, fixture.file("auth.jar"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void aStopIsToldAndAStartBringsItBack() throws Exception {
        auth().stop();
        assertThat(reason().orElseThrow())
                .isEqualTo("its bundle was stopped, and not by an operator; start it in the console; or copy the file"
                        + " again, or restart the container");
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed");
        try (Operator.Mark mark = Operator.mark("admin")) {
            auth().start();
        }
        assertThat(reason()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
    }

    @Test
    void aTransientStopIsToldTooAndSoIsAnUpdatePastTheFolder() throws Exception {
        auth().stop(Bundle.STOP_TRANSIENT);
        assertThat(reason().orElseThrow()).startsWith("its bundle doesn't run at the moment");
        auth().start();
        Path other = middleware("auth", "1.5.0", "auth").writeTo(home.resolve("other.jar"));
        try (java.io.InputStream in = Files.newInputStream(other)) {
            auth().update(in);
        }
        assertThat(reason().orElseThrow())
                .startsWith("its bundle was updated in place, past the folder, and is 1.5.0 now");
        copyAgain();
        eventually("it serves again", () -> fixture.chain.serving().equals("auth=1.0.0"));
    }

    @Test
    void theSameBytesCopiedAgainBringBackWhatWasStopped() throws Exception {
        Bundle stopped = auth();
        stopped.stop();
        copyAgain();
        eventually("it serves again", () -> fixture.chain.serving().equals("auth=1.0.0"));
        fixture.settle();
        fixture.awaitBundles(1);
        eventually("the stopped one is released", () -> stopped.getState() == Bundle.UNINSTALLED);
        assertThat(reason()).isEmpty();
        eventually("one entry is left", () -> fixture.states().equals("auth.jar:PUBLISHED"));
        assertToldThatItCameAnew();
    }

    private void assertToldThatItCameAnew() {
        List<PublicationView> history = fixture.run.operations().history(10);
        assertThat(history).hasSize(2);
        assertThat(history.get(0).cause()).contains(Cause.FILE);
        assertThat(history.get(0).summary()).isEqualTo("deploy auth.jar");
        assertThat(history.get(0).came()).isEqualTo(history.get(1).came());
        assertThat(history.get(0).went()).isEqualTo(history.get(1).came());
    }

    @Test
    void theSameBytesCopiedAgainBringBackWhatWasUninstalled() throws Exception {
        auth().uninstall();
        assertThat(reason().orElseThrow()).startsWith("its bundle was uninstalled, and not by an operator");
        copyAgain();
        eventually("it serves again", () -> fixture.chain.serving().equals("auth=1.0.0"));
        fixture.settle();
        eventually("one entry is left", () -> fixture.states().equals("auth.jar:PUBLISHED"));
        assertThat(reason()).isEmpty();
        assertToldThatItCameAnew();

        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertToldThatItCameAnew();
    }

    @Test
    void aRenameOfWhatWasUninstalledBringsItBackUnderTheNewName() throws Exception {
        auth().uninstall();
        Files.move(fixture.file("auth.jar"), fixture.file("renamed.jar"));
        eventually("it serves again", () -> fixture.chain.serving().equals("auth=1.0.0"));
        fixture.settle();
        eventually("one entry is left", () -> fixture.states().equals("renamed.jar:PUBLISHED"));
    }

    @Test
    void afterARestartItIsBackByItself() throws Exception {
        auth().uninstall();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(reason()).isEmpty();
    }

    @Test
    void aServiceThatIsUnregisteredWhileItsBundleRunsIsToldToo() throws Exception {
        new BundleJar("two", "1.0.0")
                .activator("register(\"one\"); register(\"other\");", "")
                .writeTo(fixture.file("two.jar"));
        fixture.settle();
        fixture.chain.vanish("other");
        assertThat(fixture.in("two.jar", DeploymentState.PUBLISHED)
                        .flatMap(DeploymentView::reason)
                        .orElseThrow())
                .startsWith("middleware other is away though its bundle runs: its component was disabled, or its"
                        + " service unregistered");
    }

    @Test
    void whatHasTrippedSaysSoAndIsNotTakenForAway() throws Exception {
        Bundle tripped = auth();
        fixture.chain.trip("auth", new Trip(Instant.EPOCH, 8, 5, Duration.ofSeconds(10)));
        assertThat(reason().orElseThrow())
                .startsWith("middleware auth has tripped: 5 of 8 calls within 10000 ms failed by its own fault;")
                .contains("/api/v1/trip/reset");
        copyAgain();
        fixture.settle();
        assertThat(tripped.getState()).isEqualTo(Bundle.ACTIVE);
        fixture.awaitBundles(1);
    }

    @Test
    void whatAnOperatorStoppedIsHisDecisionAndCopyingTheSameBytesDoesNotReverseIt() throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            auth().stop();
        }
        copyAgain();
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("auth.jar:STOPPED");
    }
}

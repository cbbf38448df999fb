package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** A bundle that starts and doesn't get ready holds up nothing but what depends on it. */
class SideBySideTest {

    private static final String HANG = "sluice.test.hang";

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
        System.setProperty(HANG, "true");
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(HANG);
        fixture.close();
    }

    /** Its start comes to an end, whatever interrupts it, only when the property goes; then it brings its middleware. */
    private static BundleJar hanging(String symbolicName, String version, String name) {
        return new BundleJar(symbolicName, version)
                .activator(
                        "while (Boolean.getBoolean(\"" + HANG + "\")) { try { Thread.sleep(5); }"
                                + " catch (InterruptedException e) { } } register(\"" + name + "\");",
                        "");
    }

    private void letGo() {
        System.clearProperty(HANG);
    }

    private void awaitTrial(String file) {
        eventually(file + " is tried", () -> fixture.in(file, DeploymentState.CLAIMED)
                .isPresent());
    }

    private void awaitServing(String expected) {
        eventually(expected + " serves", () -> fixture.chain.serving().equals(expected));
    }

    @Test
    void aHangingBundleHoldsUpNeitherANewOneNorARemovalNorABadOneAndFailsInItsTime() throws Exception {
        middleware("old", "1.0.0", "old").writeTo(fixture.file("old.jar"));
        fixture.settle();
        fixture.settings = Fixture.settings(Duration.ofSeconds(5), Duration.ofHours(1));
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");

        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        awaitServing("good=1.0.0 old=1.0.0");
        fixture.delete("old.jar");
        awaitServing("good=1.0.0");
        Files.writeString(fixture.file("bad.jar"), "no zip");
        eventually("the bad one is told", () -> fixture.hasMarker("bad.jar"));
        assertThat(fixture.in("slow.jar", DeploymentState.CLAIMED)).isPresent();

        fixture.settle();
        assertThat(fixture.reason("slow.jar")).contains("its start hasn't come to an end within 5s (start.timeout)");
        letGo();
        fixture.awaitBundles(1);
    }

    @Test
    void whatComesUpLateIsPublishedLateAndTheLedgerHasTheOrder() throws Exception {
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        awaitServing("good=1.0.0");
        letGo();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0 slow=1.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy good.jar", "deploy slow.jar");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0 slow=1.0.0");
    }

    @Test
    void removingTheFileUnderTrialEndsItsTrial() throws Exception {
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        fixture.delete("slow.jar");
        eventually("nothing is shown of it", () -> fixture.states().isEmpty());
        fixture.settle();
        letGo();
        fixture.awaitBundles(0);
        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.hasMarker("slow.jar")).isFalse();
    }

    @Test
    void newerContentTakesThePlaceOfThatUnderTrialAtOnce() throws Exception {
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        middleware("slow", "1.0.1", "slow").writeTo(fixture.file("slow.jar"));
        awaitServing("slow=1.0.1");
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("slow.jar:PUBLISHED");
        letGo();
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("slow=1.0.1");
    }

    @Test
    void contentThatIsNoBundleEndsTheTrialTooAndWhatWasPublishedServesOn() throws Exception {
        middleware("slow", "0.9.0", "slow").writeTo(fixture.file("slow.jar"));
        fixture.settle();
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        Files.writeString(fixture.file("slow.jar"), "no zip");
        eventually("it is told", () -> fixture.hasMarker("slow.jar"));
        fixture.settle();
        letGo();
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("slow=0.9.0");
        assertThat(fixture.states()).contains("slow.jar:PUBLISHED").contains("slow.jar:FAILED");
    }

    @Test
    void aFileThatIsOnlyTouchedIsTriedOn() throws Exception {
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        long bundle = fixture.framework.bundle("slow", "1.0.0").getBundleId();
        Files.setLastModifiedTime(
                fixture.file("slow.jar"), FileTime.from(Instant.now().plusSeconds(7)));
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        awaitServing("good=1.0.0");
        eventually("one entry is left", () -> fixture.deployments("slow.jar").size() == 1);
        assertThat(fixture.in("slow.jar", DeploymentState.CLAIMED)).isPresent();
        letGo();
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("good.jar:PUBLISHED slow.jar:PUBLISHED");
        assertThat(fixture.framework.bundle("slow", "1.0.0").getBundleId()).isEqualTo(bundle);
    }

    @Test
    void aHalfCopyOverTheFileUnderTrialLetsTheTrialGoOnAndComesAfterIt() throws Exception {
        byte[] next = Files.readAllBytes(middleware("slow", "2.0.0", "slow").writeTo(home.resolve("next.jar")));
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        Files.write(fixture.file("slow.jar"), java.util.Arrays.copyOf(next, next.length / 2));
        eventually(
                "it is seen", () -> fixture.in("slow.jar", DeploymentState.SEEN).isPresent());
        letGo();
        // It serves a moment before its entry says so.
        eventually("it is published", () -> fixture.states().contains("slow.jar:PUBLISHED"));
        assertThat(fixture.chain.serving()).isEqualTo("slow=1.0.0");
        assertThat(fixture.states()).contains("slow.jar:SEEN");
        Files.write(fixture.file("slow.jar"), next);
        awaitServing("slow=2.0.0");
        fixture.settle();
        assertThat(fixture.in("slow.jar", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .version())
                .contains("2.0.0");
        assertThat(fixture.states()).doesNotContain("SEEN");
    }

    @Test
    void theOldVersionLeavesOnlyWhenTheNewOneThatCameBeforeIsThere() throws Exception {
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth-1.jar"));
        fixture.settle();
        hanging("auth", "2.0.0", "auth").writeTo(fixture.file("auth-2.jar"));
        awaitTrial("auth-2.jar");
        fixture.delete("auth-1.jar");
        CompletableFuture<Void> settled = fixture.run.reconciled();
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        awaitServing("auth=1.0.0 good=1.0.0");
        assertThat(settled).isNotDone();
        letGo();
        settled.get(20, TimeUnit.SECONDS);
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 good=1.0.0");
        assertThat(fixture.chain.history().stream().skip(1))
                .allMatch(served -> !served.contains("good") || served.contains("auth="));
        fixture.awaitBundles(2);
    }

    @Test
    void whatNeedsABundleUnderTrialComesUpWhenThatIsPublished() throws Exception {
        BundleJar classes = new BundleJar("lib", "1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }");
        hanging("lib", "1.0.0", "lib")
                .header("Export-Package", "lib;version=1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }")
                .writeTo(fixture.file("lib.jar"));
        awaitTrial("lib.jar");
        new BundleJar("app", "1.0.0")
                .imports("lib")
                .compiledAgainst(classes)
                .activator("register(lib.Text.of());", "")
                .writeTo(fixture.file("app.jar"));
        eventually("it says why", () -> fixture.in("app.jar", DeploymentState.FAILED)
                .isPresent());
        assertThat(fixture.reason("app.jar")).contains("lib.jar, which has it, is being tried still");
        letGo();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("hi=1.0.0 lib=1.0.0");
        assertThat(fixture.hasMarker("app.jar")).isFalse();
    }

    @Test
    void theSameContentUnderAnotherNameIsTriedWhenItsTwinGoesDuringTheTrial() throws Exception {
        fixture.crash();
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("a.jar"));
        Files.copy(fixture.file("a.jar"), fixture.file("b.jar"));
        fixture.newFramework();
        fixture.startRunWithoutSettling();
        awaitTrial("a.jar");
        eventually("a duplicate", () -> fixture.in("b.jar", DeploymentState.DUPLICATE)
                .isPresent());
        fixture.delete("a.jar");
        awaitTrial("b.jar");
        letGo();
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("b.jar:PUBLISHED");
        fixture.awaitBundles(1);
    }

    @Test
    void atAFirstStartRequestsWaitForWhatIsUnderTrial() throws Exception {
        fixture.crash();
        hanging("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.newFramework();
        fixture.startRunWithoutSettling();
        awaitTrial("auth.jar");
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        awaitServing("good=1.0.0");
        assertThat(fixture.chain.view().open()).isFalse();
        assertThat(fixture.run.view().started()).isFalse();
        letGo();
        fixture.settle();
        assertThat(fixture.chain.history()).contains("open auth=1.0.0 good=1.0.0");
    }

    @Test
    void aBundleThatIsStoppedByAnotherWhileItIsTriedFails() throws Exception {
        middleware("victim", "1.0.0", "victim")
                .declares("victim")
                .declares("never")
                .writeTo(fixture.file("victim.jar"));
        awaitTrial("victim.jar");
        fixture.framework.bundle("victim", "1.0.0").uninstall();
        fixture.delete("victim.jar");
        fixture.settle();
        assertThat(fixture.states()).isEmpty();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void whatComesUpWhenTheContainerIsStoppingIsPublishedByTheNextStart() throws Exception {
        hanging("slow", "1.0.0", "slow").writeTo(fixture.file("slow.jar"));
        awaitTrial("slow.jar");
        CompletableFuture<String> served = new CompletableFuture<>();
        fixture.framework.context().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPING && event.getBundle().getBundleId() == 0) {
                // As the chain does while it drains: all bundles run still.
                try {
                    letGo();
                    fixture.settle();
                    served.complete(fixture.chain.serving());
                    fixture.run.close();
                } catch (Exception e) {
                    served.completeExceptionally(e);
                }
            }
        });
        fixture.framework.close();
        assertThat(served.get(40, TimeUnit.SECONDS)).isEmpty();
        assertThat(fixture.hasMarker("slow.jar")).isFalse();
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("slow=1.0.0");
    }
}

package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.ledger.TrialLog;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start makes of published content whose file has been deleted meanwhile. */
class DeletedWhileDownTest {

    private static final String STARTS = "sluice.test.starts";

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        System.setProperty(STARTS, "0");
        fixture = Fixture.started(home);
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        counting("1.0.0").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 good=1.0.0");
        fixture.crash();
        System.setProperty(STARTS, "0");
    }

    @AfterEach
    void stop() throws Exception {
        System.clearProperty(STARTS);
        fixture.close();
    }

    /** As one that ends the process would, it has an effect whenever it is started. */
    private static BundleJar counting(String version) {
        return new BundleJar("auth", version)
                .declares("auth")
                .activator(
                        "System.setProperty(\"" + STARTS + "\", \"\" + (Integer.getInteger(\"" + STARTS
                                + "\") + 1)); register(\"auth\");",
                        "");
    }

    private static int starts() {
        return Integer.getInteger(STARTS);
    }

    @Test
    void itIsRemovedWithoutBeingStarted() throws Exception {
        fixture.delete("auth.jar");
        fixture.start();
        assertThat(starts()).isZero();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
        assertThat(fixture.chain.view().open()).isTrue();
        assertThat(fixture.states()).isEqualTo("good.jar:PUBLISHED");
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(Files.readString(fixture.data("ledger"))).contains("remove auth.jar");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
    }

    @Test
    void aLowerVersionThatStaysIsNoReasonToStartIt() throws Exception {
        fixture.start();
        counting("0.9.0").writeTo(fixture.file("auth-0.jar"));
        fixture.settle();
        fixture.crash();
        System.setProperty(STARTS, "0");
        fixture.delete("auth.jar");
        fixture.start();
        assertThat(starts()).as("starts, of 0.9.0").isEqualTo(1);
        assertThat(fixture.chain.serving()).isEqualTo("auth=0.9.0 good=1.0.0");
    }

    @Test
    void aFailClosedPlaceThatWasKeptForItGoesToo() throws Exception {
        new TrialLog(fixture.data("trials")).exits(Sha256.of(fixture.file("auth.jar")), "a.Activator.start");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed good=1.0.0");
        fixture.crash();
        fixture.delete("auth.jar");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
        assertThat(fixture.hasMarker("auth.jar")).isFalse();
        assertThat(starts()).isZero();
    }

    @Test
    void theSameContentUnderAnotherNameServesOn() throws Exception {
        Files.move(fixture.file("auth.jar"), fixture.file("renamed.jar"));
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 good=1.0.0");
        assertThat(starts()).isEqualTo(1);
        assertThat(fixture.chain.causes()).containsExactly("restore what was last published");
        assertThat(fixture.states()).contains("renamed.jar:PUBLISHED").doesNotContain("auth.jar");
    }

    @Test
    void itServesUntilItsSuccessorFromAnotherFileDoes() throws Exception {
        fixture.delete("auth.jar");
        counting("2.0.0").writeTo(fixture.file("auth-2.jar"));
        fixture.start();
        assertThat(fixture.chain.history())
                .filteredOn(served -> served.startsWith("open "))
                .containsExactly("open auth=1.0.0 good=1.0.0");
        assertThat(fixture.chain.history().stream()
                        .dropWhile(served -> !served.startsWith("open "))
                        .toList())
                .allMatch(served -> served.contains("auth="));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 good=1.0.0");
    }

    @Test
    void oneThatDeclaresNothingMayBeItsSuccessor() throws Exception {
        fixture.delete("auth.jar");
        middleware("other", "1.0.0", "auth").writeTo(fixture.file("other.jar"));
        fixture.start();
        assertThat(fixture.chain.history()).contains("open auth=1.0.0 good=1.0.0");
    }

    @Test
    void anUnavailableFolderSaysNothing() throws Exception {
        Files.delete(fixture.file(".sluice-id"));
        fixture.delete("auth.jar");
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 good=1.0.0");
    }

    @Test
    void whatAnOperatorHasStoppedIsRemovedAndNeverStarted() throws Exception {
        fixture.start();
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").stop();
        }
        fixture.crash();
        System.setProperty(STARTS, "0");
        fixture.delete("auth.jar");
        fixture.start();
        fixture.settle();
        assertThat(starts()).isZero();
        eventually("it has left", () -> fixture.states().equals("good.jar:PUBLISHED"));
    }

    @Test
    void aLibraryIsThereForThoseThatAreWiredToIt() throws Exception {
        fixture.start();
        BundleJar library = new BundleJar("lib", "1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }")
                .header("Export-Package", "lib;version=1.0.0");
        library.writeTo(fixture.file("lib.jar"));
        fixture.settle();
        new BundleJar("user", "1.0.0")
                .compiledAgainst(library)
                .imports("lib")
                .activator("register(lib.Text.of());", "")
                .writeTo(fixture.file("user.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).contains("hi=1.0.0");
        fixture.crash();
        fixture.delete("lib.jar");
        fixture.start();
        assertThat(fixture.chain.serving()).contains("hi=1.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).contains("hi=1.0.0");
    }

    @Test
    void ifNothingIsLeftRequestsWaitForWhatIsNewInTheFolder() throws Exception {
        fixture.delete("auth.jar");
        fixture.delete("good.jar");
        new BundleJar("new", "1.0.0")
                .declares("new")
                .activator("register(\"new\");", "")
                .writeTo(fixture.file("new.jar"));
        fixture.start();
        assertThat(starts()).isZero();
        assertThat(fixture.chain.history())
                .filteredOn(served -> served.startsWith("open "))
                .containsExactly("open new=1.0.0");
    }
}

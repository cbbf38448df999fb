package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.folder.WatchSettings;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.testing.BundleJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;

class DeploymentFlowTest extends WithFixture {

    @Test
    void aFileThatIsDroppedIsPublished() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting-1.jar"));
        fixture.settle();

        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.states()).isEqualTo("greeting-1.jar:PUBLISHED");
        assertThat(fixture.chain.causes()).containsExactly("deploy greeting-1.jar");
        Bundle bundle = fixture.framework.bundle("greeting", "1.0.0");
        assertThat(bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()).isTrue();
        assertThat(bundle.getLocation())
                .isEqualTo("sluice:"
                        + fixture.deployments("greeting-1.jar").get(0).sha256().orElseThrow() + "#1");
        assertThat(fixture.run.owns(bundle.getBundleId())).isTrue();
        assertThat(fixture.run.owns(0)).isFalse();
    }

    @Test
    void aHigherVersionBesideTheOldServesAndTheOldComesBackWhenItGoes() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting-1.jar"));
        fixture.settle();
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting-2.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");

        fixture.delete("greeting-2.jar");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        fixture.awaitBundles(1);

        fixture.delete("greeting-1.jar");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEmpty();
        fixture.awaitBundles(0);
        eventually("the view is empty", () -> fixture.states().isEmpty());
    }

    @Test
    void overwritingAPathReplacesInOneGenerationEvenWithALowerVersion() throws Exception {
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();

        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy greeting.jar", "deploy greeting.jar");
        fixture.awaitBundles(1);
    }

    @Test
    void theOldServesOnWhenABadFileTakesItsPathAndTheMarkerGoesWithTheNextGoodOne() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        new BundleJar("greeting", "1.1.0")
                .activator("throw new IllegalStateException(\"no database\");", "")
                .writeTo(fixture.file("greeting.jar"));
        fixture.settle();

        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.states()).contains("greeting.jar:PUBLISHED").contains("greeting.jar:FAILED");
        assertThat(fixture.reason("greeting.jar"))
                .contains("its activator threw java.lang.IllegalStateException: no database")
                .contains("a.Activator.start");
        assertThat(fixture.marker("greeting.jar"))
                .startsWith("greeting.jar is not deployed with its present content; the content before serves on.\n")
                .contains("no database");
        fixture.awaitBundles(1);

        middleware("greeting", "1.2.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.2.0");
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
        assertThat(fixture.in("greeting.jar", DeploymentState.FAILED)).isEmpty();
    }

    @Test
    void theMarkerOfAHalfCopiedFileSaysThatTheContentBeforeServesOn() throws Exception {
        fixture.settings = new Settings(
                new WatchSettings(
                        Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(100)),
                Duration.ofSeconds(20),
                Duration.ofHours(1),
                false,
                VerificationLimits.DEFAULT,
                HistoryLimits.DEFAULT,
                IntegrityPolicy.DEFAULT);
        Path kept = middleware("greeting", "1.0.0", "greeting").writeTo(home.resolve("kept.jar"));
        Files.copy(kept, fixture.file("greeting.jar"));
        fixture.settle();
        byte[] next =
                Files.readAllBytes(middleware("greeting", "2.0.0", "greeting").writeTo(home.resolve("next.jar")));
        byte[] half = Arrays.copyOf(next, next.length / 2);
        Files.write(fixture.file("greeting.jar"), half);
        Files.write(fixture.file("new.jar"), half);

        eventually(
                "both are marked, and one says that it serves on",
                () -> markerSays("new.jar", "") && markerSays("greeting.jar", "the content before serves on"));
        assertThat(fixture.marker("greeting.jar")).contains("incomplete, still waiting");
        assertThat(fixture.marker("new.jar")).startsWith("new.jar is not deployed.\n");

        Files.copy(kept, fixture.file("greeting.jar"), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
    }

    private boolean markerSays(String file, String words) {
        try {
            return fixture.hasMarker(file) && fixture.marker(file).contains(words);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theMarkerOfWhatNeverServedDoesNotSayThatAnythingServesOn() throws Exception {
        new BundleJar("bad", "1.0.0").activator("throw new Error(\"bad\");", "").writeTo(fixture.file("bad.jar"));
        fixture.settle();
        assertThat(fixture.marker("bad.jar"))
                .startsWith("bad.jar is not deployed.\n")
                .contains("This note goes by itself when the file is put right or removed.");
    }

    @Test
    void aFailedFileThatIsCopiedOnceMoreIsTriedAgain() throws Exception {
        new BundleJar("greeting", "1.0.0")
                .activator(
                        "if (!Boolean.getBoolean(\"database.up\")) throw new Error(\"no database\");"
                                + " register(\"greeting\");",
                        "")
                .writeTo(home.resolve("kept.jar"));
        Files.copy(home.resolve("kept.jar"), fixture.file("greeting.jar"));
        fixture.settle();
        assertThat(fixture.reason("greeting.jar")).contains("no database");

        System.setProperty("database.up", "true");
        try {
            fixture.settle();
            assertThat(fixture.states()).isEqualTo("greeting.jar:FAILED");
            Files.copy(home.resolve("kept.jar"), fixture.file("greeting.jar"), StandardCopyOption.REPLACE_EXISTING);
            eventually("it is tried again", () -> fixture.chain.serving().equals("greeting=1.0.0"));
        } finally {
            System.clearProperty("database.up");
        }
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
    }

    @Test
    void goingBackToTheOldContentAfterABadOneDeploysNothing() throws Exception {
        Path kept = middleware("greeting", "1.0.0", "greeting").writeTo(home.resolve("kept.jar"));
        Files.copy(kept, fixture.file("greeting.jar"));
        fixture.settle();
        Files.writeString(fixture.file("greeting.jar"), "not a zip");
        fixture.settle();
        assertThat(fixture.hasMarker("greeting.jar")).isTrue();

        Files.write(fixture.file("greeting.jar"), Files.readAllBytes(kept));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
        assertThat(fixture.hasMarker("greeting.jar")).isFalse();
        assertThat(fixture.chain.causes()).hasSize(1);
    }

    @Test
    void aHungStartIsGivenUpAndItsBundleGoesWhenItReturns() throws Exception {
        fixture.impatiently();
        new BundleJar("hanging", "1.0.0")
                .activator(
                        "System.setProperty(\"is.hanging\", \"true\"); while (!Boolean.getBoolean(\"let.go\")) { try { Thread.sleep(10); }"
                                + " catch (InterruptedException e) { System.setProperty(\"was.interrupted\", \"true\"); } }",
                        "")
                .writeTo(fixture.file("hanging.jar"));
        CompletableFuture<Void> settled = fixture.run.reconciled();
        try {
            eventually("it hangs", () -> Boolean.getBoolean("is.hanging"));
            // Beyond its deadline, as it is given time for a last word.
            fixture.time.passOnceAwaited(Fixture.SHORT.multipliedBy(2), Fixture.SHORT.multipliedBy(2));
            settled.get(40, TimeUnit.SECONDS);
            assertThat(fixture.reason("hanging.jar"))
                    .contains("its start hasn't come to an end within 500ms (start.timeout)")
                    .contains("a.Activator.start");
            assertThat(fixture.framework.bundle("hanging", "1.0.0").getState()).isEqualTo(Bundle.STARTING);

            middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
            assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        } finally {
            System.setProperty("let.go", "true");
        }
        fixture.awaitBundles(1);
        assertThat(System.getProperty("was.interrupted")).isEqualTo("true");
    }

    @Test
    void whatIsReplacedIsReleasedWhenItsLastRequestEndsAndNothingWaitsForThat() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        Bundle old = fixture.framework.bundle("greeting", "1.0.0");
        fixture.chain.enter(old.getBundleId());
        Path first = Files.copy(fixture.file("greeting.jar"), home.resolve("first.jar"));

        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        assertThat(fixture.states()).contains("greeting.jar:RETIRED").contains("greeting.jar:PUBLISHED");

        Files.copy(first, fixture.file("greeting.jar"), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(old.getState()).isEqualTo(Bundle.ACTIVE);

        fixture.chain.leave(old.getBundleId());
        eventually("the old is released", () -> old.getState() == Bundle.UNINSTALLED);
        fixture.awaitBundles(1);
    }

    @Test
    void aRequestThatDoesNotEndIsLeftBehindAtTheDeadline() throws Exception {
        fixture.settings = Fixture.settings(Duration.ofSeconds(20), Duration.ofMillis(50));
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting.jar"));
        fixture.settle();
        Bundle old = fixture.framework.bundle("greeting", "1.0.0");
        fixture.chain.enter(old.getBundleId());
        fixture.delete("greeting.jar");
        fixture.settle();
        eventually("the old is released", () -> old.getState() == Bundle.UNINSTALLED);
    }

    @Test
    void theClassLoadersOfReplacedVersionsAreCollected() throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            middleware("greeting", "1.0." + i, "greeting").writeTo(fixture.file("greeting.jar"));
            fixture.settle();
            loaders.add(new WeakReference<>(fixture.framework
                    .bundle("greeting", "1.0." + i)
                    .adapt(BundleWiring.class)
                    .getClassLoader()));
        }
        fixture.delete("greeting.jar");
        fixture.settle();
        fixture.awaitBundles(0);
        eventually("all are collected", () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.get() == null);
        });
    }

    @Test
    void oneBatchIsOneGenerationWhateverItsOrderAndABadOneDoesNotStopTheOthers() throws Exception {
        BundleJar library = new BundleJar("zlib", "1.0.0")
                .header("Export-Package", "zlib;version=1.0.0")
                .source(
                        "zlib.Text",
                        "package zlib; public class Text { public static String of() { return \"hi\"; } }");
        Path staged = Files.createDirectories(home.resolve("staged"));
        library.writeTo(staged.resolve("z.jar"));
        new BundleJar("app", "1.0.0")
                .imports("zlib;version=\"[1,2)\"")
                .compiledAgainst(library)
                .activator("register(zlib.Text.of());", "")
                .writeTo(staged.resolve("app.jar"));
        middleware("other", "1.0.0", "other").writeTo(staged.resolve("other.jar"));
        new BundleJar("bad", "1.0.0").activator("throw new Error(\"bad\");", "").writeTo(staged.resolve("bad.jar"));
        fixture.crash();
        try (var files = Files.list(staged)) {
            for (Path file : files.toList()) {
                Files.move(file, fixture.file(file.getFileName().toString()));
            }
        }
        fixture.start();

        assertThat(fixture.chain.serving()).isEqualTo("hi=1.0.0 other=1.0.0");
        assertThat(fixture.chain.causes()).containsExactly("deploy app.jar, other.jar, z.jar");
        assertThat(fixture.reason("bad.jar")).contains("its activator threw java.lang.Error: bad");
    }

    @Test
    void aMissingPackageIsNamedAndTheBundleIsTriedAgainWhenItsLibraryComes() throws Exception {
        BundleJar library = new BundleJar("lib", "1.0.0")
                .header("Export-Package", "lib;version=1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }");
        new BundleJar("app", "1.0.0")
                .imports("lib")
                .compiledAgainst(library)
                .activator("register(lib.Text.of());", "")
                .writeTo(fixture.file("app.jar"));
        fixture.settle();
        assertThat(fixture.reason("app.jar"))
                .isEqualTo("needs package lib (any version): no bundle here exports it; drop the bundle that does into"
                        + " the folder, or embed the package");

        library.writeTo(fixture.file("lib.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("hi=1.0.0");
        assertThat(fixture.hasMarker("app.jar")).isFalse();
    }

    @Test
    void aLibraryIsNotTakenAwayFromWhoIsWiredToItAndNothingNewIsWiredToIt() throws Exception {
        BundleJar library = new BundleJar("lib", "1.0.0")
                .header("Export-Package", "lib;version=1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"one\"; } }");
        library.writeTo(fixture.file("lib.jar"));
        fixture.settle();
        new BundleJar("app", "1.0.0")
                .imports("lib")
                .compiledAgainst(library)
                .activator("register(lib.Text.of());", "")
                .writeTo(fixture.file("app.jar"));
        fixture.settle();
        fixture.delete("lib.jar");
        fixture.settle();

        Bundle lib = fixture.framework.bundle("lib", "1.0.0");
        eventually("it is told who needs it", () -> fixture.in("lib.jar", DeploymentState.RETIRED)
                .flatMap(view -> view.reason())
                .filter(reason -> reason.startsWith("in use by app 1.0.0"))
                .isPresent());
        assertThat(lib.getState()).isEqualTo(Bundle.ACTIVE);
        new BundleJar("late", "1.0.0")
                .imports("lib")
                .compiledAgainst(library)
                .activator("register(\"late\" + lib.Text.of());", "")
                .writeTo(fixture.file("late.jar"));
        fixture.settle();
        assertThat(fixture.reason("late.jar")).startsWith("needs package lib");

        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("one=1.0.0");

        fixture.delete("app.jar");
        fixture.settle();
        fixture.awaitBundles(0);
        fixture.crashAndStart();
        fixture.awaitBundles(0);
    }

    @Test
    void whoeverIsWiredToAFailedBundleFailsWithIt() throws Exception {
        BundleJar library = new BundleJar("lib", "1.0.0")
                .header("Export-Package", "lib;version=1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }")
                .activator("throw new IllegalStateException(\"no licence\");", "");
        BundleJar classes = new BundleJar("lib", "1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"hi\"; } }");
        BundleJar app = new BundleJar("app", "1.0.0")
                .imports("lib")
                .compiledAgainst(classes)
                .activator("register(lib.Text.of());", "");
        fixture.crash();
        library.writeTo(fixture.file("lib.jar"));
        app.writeTo(fixture.file("app.jar"));
        fixture.start();

        assertThat(fixture.chain.serving()).isEmpty();
        assertThat(fixture.reason("lib.jar")).contains("no licence");
        assertThat(fixture.reason("app.jar")).contains("lib.jar").contains("no licence");
        fixture.awaitBundles(0);
    }

    @Test
    void theSameVersionWithOtherContentIsRefusedAtAnotherPathUntilTheFirstGoes() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("a.jar"));
        fixture.settle();
        middleware("greeting", "1.0.0", "salutation").writeTo(fixture.file("b.jar"));
        fixture.settle();
        assertThat(fixture.reason("b.jar")).startsWith("a.jar is greeting 1.0.0 too, with other content");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");

        fixture.delete("a.jar");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("salutation=1.0.0");
        assertThat(fixture.hasMarker("b.jar")).isFalse();
    }

    @Test
    void theSameContentAtAnotherPathTakesOverWithoutADeployment() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("a.jar"));
        fixture.settle();
        long bundle = fixture.framework.bundle("greeting", "1.0.0").getBundleId();
        Files.copy(fixture.file("a.jar"), fixture.file("b.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("a.jar:PUBLISHED b.jar:DUPLICATE");
        assertThat(fixture.deployments("b.jar").get(0).reason()).contains("same content as a.jar");

        fixture.delete("a.jar");
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("b.jar:PUBLISHED");
        Files.move(fixture.file("b.jar"), fixture.file("c.jar"));
        fixture.settle();
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("c.jar:PUBLISHED");
        assertThat(fixture.framework.bundle("greeting", "1.0.0").getBundleId()).isEqualTo(bundle);
        assertThat(fixture.chain.causes()).hasSize(1);
    }

    @Test
    void whatTheChainDoesNotTakeIsFoundAndTheRestIsPublished() throws Exception {
        fixture.crash();
        middleware("good", "1.0.0", "good").writeTo(fixture.file("good.jar"));
        middleware("guilty", "1.0.0", "guilty").writeTo(fixture.file("guilty.jar"));
        fixture.newFramework();
        fixture.chain.refuse("guilty");
        fixture.startRun();

        assertThat(fixture.chain.serving()).isEqualTo("good=1.0.0");
        assertThat(fixture.reason("guilty.jar")).contains("guilty can't be published");
        fixture.delete("guilty.jar");
        fixture.crashAndStart();
        assertThat(fixture.states()).isEqualTo("good.jar:PUBLISHED");
    }
}

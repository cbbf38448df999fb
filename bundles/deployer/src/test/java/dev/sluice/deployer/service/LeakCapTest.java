package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.unload.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeakCapTest extends WithFixture {

    private static final String FILE = "greeting.jar";
    private static final String OLD = "greeting=1.0.0";
    private static final String NEW = "greeting=2.0.0";

    private void put(String version) throws Exception {
        middleware("greeting", version, "greeting").writeTo(fixture.file(FILE));
        fixture.settle();
    }

    private void refused() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    private void awaitServing(String expected) {
        eventually(expected, () -> fixture.chain.serving().equals(expected));
    }

    @Test
    void aMiddlewareOfWhichTooManyVersionsHaveLeakedIsRefusedAndWhatServesServesOn() throws Exception {
        refused();
        assertThat(fixture.reason(FILE))
                .contains("6 versions of middleware greeting")
                .contains("more than the 5")
                .contains("`unloads` of GET /api/v1/status")
                .contains("/api/v1/unload/explain")
                .contains("restart the container")
                .contains("unload.max.leaked")
                .contains("unload.on.max.leaked=warn");
        assertThat(fixture.marker(FILE))
                .contains("the content before serves on")
                .contains("6 versions");
        // Its code hasn't run.
        assertThat(fixture.framework.context().getBundles())
                .noneMatch(bundle -> bundle.getVersion().toString().equals("2.0.0"));
        assertThat(fixture.unloads.departures()).isEmpty();
    }

    @Test
    void asManyAsTheCapAreTolerated() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 5);
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    @Test
    void aRefusedOneComesByItselfWhenFewerAreLeft() throws Exception {
        refused();
        fixture.unloads.leaked("greeting", 5);
        awaitServing(NEW);
        eventually("the marker is gone", () -> !fixture.hasMarker(FILE));
        eventually("it has no failure", () -> fixture.states().equals(FILE + ":PUBLISHED"));
    }

    @Test
    void aRefusedOneComesByItselfWhenMoreAreTolerated() throws Exception {
        refused();
        fixture.unloads.cap(6, true);
        awaitServing(NEW);
    }

    @Test
    void aRefusedOneComesByItselfWhenAnyNumberIsTolerated() throws Exception {
        refused();
        fixture.unloads.cap(0, true);
        awaitServing(NEW);
    }

    @Test
    void aRefusedOneComesByItselfWhenThereAreOnlyWarnings() throws Exception {
        refused();
        fixture.unloads.cap(5, false);
        awaitServing(NEW);
        eventually(
                "there is an alarm",
                () -> fixture.run.view().alarms().toString().contains("6 versions of middleware greeting"));
    }

    @Test
    void aRefusedOneComesByItselfWhenNobodyJudges() throws Exception {
        refused();
        fixture.run.witness().judgedNoMoreBy(fixture.unloads);
        awaitServing(NEW);
    }

    @Test
    void aRefusedOneComesAfterARestart() throws Exception {
        refused();
        fixture.crashAndStart();
        awaitServing(NEW);
    }

    @Test
    void theReasonTellsHowManyThereAreNow() throws Exception {
        refused();
        fixture.unloads.leaked("greeting", 8);
        eventually("it is said", () -> fixture.reason(FILE).contains("8 versions"));
        eventually("it is written", () -> markerContains("8 versions"));
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    private boolean markerContains(String text) {
        try {
            return fixture.marker(FILE).contains(text);
        } catch (IOException e) {
            // It is being replaced.
            return false;
        }
    }

    @Test
    void aRefusedOneComesByItselfWhenWhoJudgesCantBeAsked() throws Exception {
        refused();
        fixture.unloads.goAway();
        awaitServing(NEW);
    }

    @Test
    void whatFailedForWantOfARefusedOneComesWithIt() throws Exception {
        refused();
        new BundleJar("page", "1.0.0")
                .imports("a.api;version=\"2\"")
                .activator("register(\"page\");", "")
                .writeTo(fixture.file("page.jar"));
        middleware("greeting", "2.0.1", "greeting")
                .source("a.api.Api", "package a.api; public class Api {}")
                .header("Export-Package", "a.api;version=\"2\"")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(fixture.reason("page.jar")).contains("needs package a.api");
        fixture.unloads.leaked("greeting", 0);
        awaitServing("greeting=2.0.1 page=1.0.0");
    }

    @Test
    void aRefusedOneIsTriedOnceHoweverLongThatTakes() throws Exception {
        Semaphore tried = new Semaphore(0);
        CountDownLatch enough = new CountDownLatch(1);
        System.getProperties().put("sluice.test.tried", tried);
        System.getProperties().put("sluice.test.enough", enough);
        try {
            refused();
            new BundleJar("greeting", "2.0.1")
                    .activator(
                            "((java.util.concurrent.Semaphore) System.getProperties().get(\"sluice.test.tried\")).release();"
                                    + " ((java.util.concurrent.CountDownLatch) System.getProperties().get(\"sluice.test.enough\")).await();"
                                    + " throw new IllegalStateException(\"in vain\");",
                            "")
                    .writeTo(fixture.file(FILE));
            fixture.settle();
            fixture.unloads.leaked("greeting", 5);
            tried.acquire();
            int asked = fixture.unloads.asked();
            eventually("it was looked at again", () -> fixture.unloads.asked() > asked + 10);
            enough.countDown();
            fixture.settle();
            assertThat(fixture.reason(FILE)).contains("in vain");
            assertThat(tried.availablePermits()).as("other tries").isZero();
        } finally {
            enough.countDown();
            System.getProperties().remove("sluice.test.tried");
            System.getProperties().remove("sluice.test.enough");
        }
    }

    @Test
    void theAlarmIsThereAtOnce() throws Exception {
        fixture.run.close();
        fixture.looks = Duration.ofHours(1);
        fixture.startRun();
        fixture.unloads.cap(5, false);
        fixture.unloads.leaked("greeting", 6);
        new BundleJar("hello", "1.0.0")
                .declares("greeting")
                .activator("register(\"greeting\");", "")
                .writeTo(fixture.file("hello.jar"));
        fixture.settle();
        assertThat(fixture.run.view().alarms().toString()).contains("6 versions of middleware greeting");
    }

    @Test
    void whatIsOnlyWarnedAboutIsDeployedWithAnAlarmThatEnds() throws Exception {
        fixture.unloads.cap(5, false);
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(fixture.run.view().alarms().toString())
                .contains(FILE + " was let in though 6 versions of middleware greeting");
        fixture.unloads.leaked("greeting", 8);
        eventually(
                "it tells how many there are now",
                () -> fixture.run.view().alarms().toString().contains("8 versions of middleware greeting"));
        fixture.unloads.leaked("greeting", 5);
        eventually("the alarm is over", () -> fixture.run.view().alarms().isEmpty());
    }

    @Test
    void oneThatDeclaresNothingIsKnownByWhatItsSymbolicNameDeploysFromAnotherFile() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting-2.jar"));
        fixture.settle();
        assertThat(fixture.reason("greeting-2.jar")).contains("6 versions of middleware greeting");
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void oneOfWhichNothingIsDeployedIsLetInWithAnAlarmThatEnds() throws Exception {
        put("1.0.0");
        fixture.delete(FILE);
        fixture.settle();
        fixture.awaitBundles(0);
        fixture.unloads.judge(fixture.unloads.left("1.0.0").get(0), Verdict.LEAKED);
        fixture.unloads.leaked("greeting", 6);
        // Known by what its symbolic name has brought: it declares nothing.
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(fixture.run.view().alarms())
                .singleElement()
                .asString()
                .contains(FILE + " was let in though 6 versions of middleware greeting")
                .contains("nothing else of it was deployed");

        put("3.0.0");
        assertThat(fixture.reason(FILE)).contains("6 versions of middleware greeting");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        fixture.unloads.leaked("greeting", 5);
        awaitServing("greeting=3.0.0");
        eventually("the alarm is over", () -> fixture.run.view().alarms().isEmpty());
    }

    @Test
    void whatItsSymbolicNameHasBroughtDoesNotCountOnceItHasGone() throws Exception {
        put("1.0.0");
        fixture.delete(FILE);
        fixture.settle();
        fixture.awaitBundles(0);
        fixture.unloads.judge(fixture.unloads.left("1.0.0").get(0), Verdict.COLLECTED);
        // Others'.
        fixture.unloads.leaked("greeting", 6);
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void oneOfAnotherSymbolicNameIsKnownByWhatItsFileDeploys() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        middleware("hello", "1.0.0", "greeting").writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(fixture.reason(FILE)).contains("6 versions of middleware greeting");
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void oneThatDeclaresTheNameIsRefusedWhoeverHasIt() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        new BundleJar("hello", "1.0.0")
                .declares("greeting")
                .activator("register(\"greeting\");", "")
                .writeTo(fixture.file("hello.jar"));
        fixture.settle();
        assertThat(fixture.reason("hello.jar")).contains("6 versions of middleware greeting");
    }

    @Test
    void aReleaseIsRefusedWhole() throws Exception {
        fixture.release("1.0.0");
        fixture.unloads.leaked("auth", 6);
        fixture.release("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.reason("shop.zip")).contains("6 versions of middleware auth");
        fixture.unloads.leaked("auth", 0);
        awaitServing("auth=2.0.0 greeting=2.0.0");
    }

    @Test
    void oneOfWhichNothingHasLeakedIsNeverRefused() throws Exception {
        refused();
        middleware("auth", "1.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 " + OLD);
    }

    @Test
    void anOperatorMayAlwaysGoBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.unloads.leaked("greeting", 6);
        RollBack back = fixture.run.operations().rollBack(FILE, "1.0.0").get(30, TimeUnit.SECONDS);
        assertThat(back.outcome()).isEqualTo(RollBack.Outcome.ROLLED_BACK);
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void anOperatorWhoWentBackMayGoForwardAgain() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.unloads.leaked("greeting", 6);
        fixture.run.operations().rollBack(FILE, "1.0.0").get(30, TimeUnit.SECONDS);
        fixture.run.operations().rollForward(FILE).get(30, TimeUnit.SECONDS);
        awaitServing(NEW);

        put("3.0.0");
        assertThat(fixture.reason(FILE)).contains("6 versions");
    }

    @Test
    void whatSomebodyHasTakenAwayMayComeBack() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        fixture.framework.bundle("greeting", "1.0.0").uninstall();
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        Files.write(fixture.data("copy"), content);
        Files.move(fixture.data("copy"), fixture.file(FILE), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        awaitServing(OLD);
    }

    @Test
    void aStartOfTheDeployerBringsBackWhatServes() throws Exception {
        refused();
        fixture.run.close();
        fixture.startRun();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.reason(FILE)).contains("6 versions");
    }

    @Test
    void aRolloutThatIsUnderWayGoesOn() throws Exception {
        put("1.0.0");
        fixture.rollOutBy(Map.of("steps", "1%, 100%", "bake", "0s"));
        put("2.0.0");
        fixture.unloads.leaked("greeting", 6);
        fixture.run.operations().promote(FILE).get(30, TimeUnit.SECONDS);
        awaitServing(NEW);
        eventually("the old has gone", () -> Arrays.stream(
                        fixture.framework.context().getBundles())
                .noneMatch(bundle -> bundle.getVersion().toString().equals("1.0.0")));
    }

    @Test
    void aFileThatIsRenamedTakesAlongWhatServes() throws Exception {
        put("1.0.0");
        fixture.unloads.leaked("greeting", 6);
        Files.move(fixture.file(FILE), fixture.file("hello.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.in("hello.jar", DeploymentState.PUBLISHED)).isPresent();
    }
}

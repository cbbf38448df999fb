package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.ArtifactBundle;
import dev.sluice.deployer.ArtifactCheck;
import dev.sluice.deployer.ArtifactFile;
import dev.sluice.deployer.CheckOutcome;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import java.nio.file.Files;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Several bundles in one file: all of them or none. */
class ReleaseTest extends WithFixture {

    private static ReleaseZip shop(String version) {
        return ReleaseZip.of("shop", version)
                .bundle("auth.jar", middleware("auth", version, "auth"))
                .bundle("greeting.jar", middleware("greeting", version, "greeting"));
    }

    private static BundleJar failing(String symbolicName, String version) {
        return new BundleJar(symbolicName, version)
                .activator("if (true) throw new IllegalStateException(\"no database\");", "");
    }

    private void put(String file, ReleaseZip zip) throws Exception {
        zip.writeTo(fixture.file(file));
        fixture.settle();
    }

    private void assertNoMix() {
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("1.0.0") && served.contains("2.0.0"));
    }

    @Test
    void allOfItIsPublishedAsOneGeneration() throws Exception {
        put("shop.zip", shop("1.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("auth") != served.contains("greeting"));
        DeploymentView view = fixture.in("shop.zip", DeploymentState.PUBLISHED).orElseThrow();
        assertThat(view.version()).contains("1.0.0");
        assertThat(view.release().orElseThrow().name()).isEqualTo("shop");
        assertThat(view.release().orElseThrow().members()).containsExactly("auth.jar", "greeting.jar");
        assertThat(view.middleware()).isEmpty();
        assertThat(fixture.in("shop.zip!/auth.jar", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .middleware())
                .containsExactly("auth");
        assertThat(fixture.run.operations().history(10))
                .extracting(PublicationView::summary)
                .containsExactly("deploy shop.zip");
        assertThat(fixture.run.operations().history(1).get(0).came())
                .extracting(content -> content.file() + " " + content.symbolicName() + " " + content.version())
                .containsExactly("shop.zip shop 1.0.0");
        assertThat(fixture.hasMarker("shop.zip")).isFalse();
    }

    @Test
    void itsBundlesMayNeedEachOther() throws Exception {
        BundleJar library = new BundleJar("library", "1.0.0")
                .header("Export-Package", "b.library;version=1.0.0")
                .source(
                        "b.library.Words",
                        "package b.library; public class Words { public static String NAME = \"x\"; }");
        BundleJar user = new BundleJar("user", "1.0.0")
                .compiledAgainst(library)
                .imports("b.library")
                .activator("register(b.library.Words.NAME);", "");
        put("shop.zip", new ReleaseZip().bundle("a-user.jar", user).bundle("library.jar", library));
        assertThat(fixture.chain.serving()).isEqualTo("x=1.0.0");
    }

    @Test
    void oneThatFailsFailsAllAndNothingHasChanged() throws Exception {
        put("shop.zip", shop("1.0.0"));
        put(
                "shop.zip",
                ReleaseZip.of("shop", "2.0.0")
                        .bundle("auth.jar", middleware("auth", "2.0.0", "auth"))
                        .bundle("greeting.jar", failing("greeting", "2.0.0")));
        assertThat(fixture.reason("shop.zip")).contains("greeting.jar: ").contains("no database");
        assertThat(fixture.marker("shop.zip"))
                .contains("greeting.jar")
                .contains("no database")
                .contains("serves on");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
        fixture.awaitBundles(2);
        assertThat(fixture.deployments("shop.zip!/auth.jar"))
                .extracting(DeploymentView::state)
                .containsExactly(DeploymentState.PUBLISHED);
    }

    @Test
    void oneThatCantBeResolvedFailsAllAndIsTriedAgainWhenItsNeedComes() throws Exception {
        BundleJar library = new BundleJar("library", "1.0.0")
                .header("Export-Package", "b.library;version=1.0.0")
                .source(
                        "b.library.Words",
                        "package b.library; public class Words { public static String NAME = \"x\"; }");
        put(
                "shop.zip",
                new ReleaseZip()
                        .bundle("auth.jar", middleware("auth", "1.0.0", "auth"))
                        .bundle(
                                "user.jar",
                                new BundleJar("user", "1.0.0")
                                        .compiledAgainst(library)
                                        .imports("b.library")
                                        .activator("register(b.library.Words.NAME);", "")));
        assertThat(fixture.reason("shop.zip")).contains("user.jar: ").contains("b.library");
        assertThat(fixture.chain.serving()).isEmpty();
        library.writeTo(fixture.file("library.jar"));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 x=1.0.0");
        assertThat(fixture.hasMarker("shop.zip")).isFalse();
    }

    @Test
    void whatIsRefusedIsMarkedAndNothingOfItComes() throws Exception {
        put(
                "shop.zip",
                new ReleaseZip()
                        .bundle("auth.jar", middleware("auth", "1.0.0", "auth"))
                        .entry("notes.pdf", "x"));
        assertThat(fixture.marker("shop.zip")).contains("notes.pdf");
        assertThat(fixture.chain.serving()).isEmpty();
    }

    @Test
    void itIsReplacedAsOne() throws Exception {
        put("shop.zip", shop("1.0.0"));
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertNoMix();
        fixture.awaitBundles(2);
        assertThat(fixture.deployments("shop.zip")).hasSize(1);
    }

    @Test
    void whatTheNewOneDoesntHaveLeavesWithTheSamePublish() throws Exception {
        put("shop.zip", shop("1.0.0"));
        put("shop.zip", ReleaseZip.of("shop", "2.0.0").bundle("auth.jar", middleware("auth", "2.0.0", "auth")));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0");
        assertNoMix();
        fixture.awaitBundles(1);
    }

    @Test
    void aBundleThatStaysTheSameComesAnewWithTheRest() throws Exception {
        BundleJar same = middleware("auth", "1.0.0", "auth");
        byte[] bytes = ReleaseZip.bytes(same);
        put("shop.zip", ReleaseZip.of("shop", "1.0.0").entry("auth.jar", bytes));
        put(
                "shop.zip",
                ReleaseZip.of("shop", "2.0.0")
                        .entry("auth.jar", bytes)
                        .bundle("greeting.jar", middleware("greeting", "2.0.0", "greeting")));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=2.0.0");
        fixture.awaitBundles(2);
    }

    @Test
    void itIsRemovedAsOne() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("all has left", () -> fixture.chain.serving().isEmpty());
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("auth") != served.contains("greeting"));
        fixture.awaitBundles(0);
        eventually("nothing is shown", () -> fixture.run.view().deployments().isEmpty());
    }

    @Test
    void theSameBytesUnderAnotherNameAreADuplicateAndARenameDeploysNothing() throws Exception {
        ReleaseZip zip = shop("1.0.0");
        byte[] bytes = zip.bytes();
        Files.write(fixture.file("shop.zip"), bytes);
        fixture.settle();
        Files.write(fixture.file("again.zip"), bytes);
        fixture.settle();
        assertThat(fixture.in("again.zip", DeploymentState.DUPLICATE)).isPresent();
        int generations = fixture.chain.history().size();
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("the other has it", () -> fixture.in("again.zip", DeploymentState.PUBLISHED)
                .isPresent());
        assertThat(fixture.in("again.zip!/auth.jar", DeploymentState.PUBLISHED)).isPresent();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain
                        .history()
                        .subList(generations, fixture.chain.history().size()))
                .allMatch("auth=1.0.0 greeting=1.0.0"::equals);
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void aHigherVersionOfItsNameInAnotherFileSupersedesItAndItTakesOverWhenThatGoes() throws Exception {
        put("shop-1.zip", shop("1.0.0"));
        put("shop-2.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(superseded("shop-1.zip")).contains("shop-2.zip");
        assertNoMix();
        fixture.awaitBundles(2);
        fixture.delete("shop-2.zip");
        fixture.settle();
        eventually("the earlier is back", () -> fixture.chain.serving().equals("auth=1.0.0 greeting=1.0.0"));
        assertThat(fixture.chain.history().subList(1, fixture.chain.history().size()))
                .as("there was no moment without")
                .noneMatch(String::isEmpty);
        assertNoMix();
        assertThat(fixture.in("shop-1.zip", DeploymentState.PUBLISHED)).isPresent();
    }

    private String superseded(String file) {
        return fixture.in(file, DeploymentState.SUPERSEDED)
                .flatMap(DeploymentView::reason)
                .orElseThrow(() -> new AssertionError("not superseded: " + fixture.states()));
    }

    @Test
    void aLowerVersionInAnotherFileIsSupersededFromTheStart() throws Exception {
        put("shop-2.zip", shop("2.0.0"));
        put("shop-1.zip", shop("1.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(superseded("shop-1.zip")).contains("shop-2.zip").contains("2.0.0");
    }

    @Test
    void withoutAVersionTheOneThatCameLaterSupersedesAlsoAfterARestart() throws Exception {
        put(
                "b.zip",
                new ReleaseZip().json("{\"name\": \"shop\"}").bundle("auth.jar", middleware("auth", "2.0.0", "auth")));
        put(
                "a.zip",
                new ReleaseZip().json("{\"name\": \"shop\"}").bundle("auth.jar", middleware("auth", "1.0.0", "auth")));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(superseded("b.zip")).contains("a.zip");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(superseded("b.zip")).contains("a.zip");
        fixture.delete("a.zip");
        fixture.settle();
        eventually("the other is back", () -> fixture.chain.serving().equals("auth=2.0.0"));
    }

    @Test
    void oneThatFailsSupersedesNothing() throws Exception {
        put("shop-1.zip", shop("1.0.0"));
        put("shop-2.zip", ReleaseZip.of("shop", "2.0.0").bundle("auth.jar", failing("auth", "2.0.0")));
        assertThat(fixture.reason("shop-2.zip")).contains("no database");
        assertThat(fixture.in("shop-1.zip", DeploymentState.PUBLISHED)).isPresent();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void ofTwoInOneBatchTheHighestComesAndTheOtherIfItFails() throws Exception {
        ReleaseZip.of("shop", "2.0.0")
                .bundle("auth.jar", failing("auth", "2.0.0"))
                .writeTo(fixture.file("shop-2.zip"));
        shop("1.0.0").writeTo(fixture.file("shop-1.zip"));
        fixture.settle();
        assertThat(fixture.reason("shop-2.zip")).contains("no database");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void aRestartBringsAllOfItBack() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("auth") != served.contains("greeting"));
        DeploymentView view = fixture.in("shop.zip", DeploymentState.PUBLISHED).orElseThrow();
        assertThat(view.release().orElseThrow().members()).containsExactly("auth.jar", "greeting.jar");
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
    }

    @Test
    void aRestartOfTheDeployerAloneTouchesNothing() throws Exception {
        put("shop.zip", shop("1.0.0"));
        int generations = fixture.chain.history().size();
        fixture.run.close();
        fixture.startRun();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.chain
                        .history()
                        .subList(generations, fixture.chain.history().size()))
                .allMatch(served -> served.endsWith("auth=1.0.0 greeting=1.0.0"));
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)).isPresent();
    }

    @Test
    void aMissingCopyOfOneBundleIsTakenOutOfTheRelease() throws Exception {
        put("shop.zip", shop("1.0.0"));
        String sha256 = fixture.in("shop.zip!/auth.jar", DeploymentState.PUBLISHED)
                .flatMap(DeploymentView::sha256)
                .orElseThrow();
        fixture.crash();
        Files.delete(fixture.data("store").resolve(sha256 + ".jar"));
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void aFileDeletedWhileTheContainerIsDownTakesAllOfItAway() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.crash();
        fixture.delete("shop.zip");
        fixture.start();
        fixture.settle();
        eventually("all has left", () -> fixture.chain.serving().isEmpty());
        assertThat(fixture.run.parts.ledger().state().published()).isEmpty();
        assertThat(fixture.run.view().deployments()).isEmpty();
    }

    @Test
    void itIsRolledBackAndForwardAsOne() throws Exception {
        put("shop.zip", shop("1.0.0"));
        put("shop.zip", shop("2.0.0"));
        assertThat(rollBack("shop.zip", "1.0.0").outcome()).isEqualTo(RollBack.Outcome.ROLLED_BACK);
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(Files.readString(fixture.file("shop.zip.rolledback"))).contains("shop 1.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        fixture.settle();
        try (Operator.Mark mark = Operator.mark("admin")) {
            RollBack forward = fixture.run.operations().rollForward("shop").get(30, TimeUnit.SECONDS);
            assertThat(forward.outcome()).as(forward.message()).isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        }
        fixture.settle();
        eventually("it is forward", () -> fixture.chain.serving().equals("auth=2.0.0 greeting=2.0.0"));
        assertNoMix();
        assertThat(Files.exists(fixture.file("shop.zip.rolledback"))).isFalse();
    }

    private RollBack rollBack(String target, String to) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return fixture.run.operations().rollBack(target, to).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aPartOfItIsntRolledBackAlone() throws Exception {
        put("shop.zip", shop("1.0.0"));
        put("shop.zip", shop("2.0.0"));
        for (String part : List.of("shop.zip!/auth.jar", "auth")) {
            RollBack refused = rollBack(part, "1.0.0");
            assertThat(refused.outcome()).isEqualTo(RollBack.Outcome.REFUSED);
            assertThat(refused.message()).contains("roll back shop.zip");
        }
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
    }

    @Test
    void anOperatorStopsOneOfItsBundlesAlsoOverARestart() throws Exception {
        put("shop.zip", shop("1.0.0"));
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").stop();
        }
        assertThat(fixture.in("shop.zip!/auth.jar", DeploymentState.STOPPED)).isPresent();
        assertThat(Files.readString(fixture.file("shop.zip.stopped"))).contains("auth.jar");
        fixture.crashAndStart();
        assertThat(fixture.in("shop.zip!/auth.jar", DeploymentState.STOPPED)).isPresent();
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)).isPresent();
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(Files.exists(fixture.file("shop.zip.stopped"))).isFalse();
    }

    @Test
    void aJarThatIsThereAlreadyStandsAgainstItUntilItGoes() throws Exception {
        byte[] auth = ReleaseZip.bytes(middleware("auth", "1.0.0", "auth"));
        Files.write(fixture.file("auth.jar"), auth);
        fixture.settle();
        put(
                "shop.zip",
                ReleaseZip.of("shop", "1.0.0")
                        .entry("lib/auth.jar", auth)
                        .bundle("greeting.jar", middleware("greeting", "1.0.0", "greeting")));
        assertThat(fixture.reason("shop.zip")).contains("remove auth.jar");
        fixture.delete("auth.jar");
        fixture.settle();
        eventually("it is there", () -> fixture.chain.serving().equals("auth=1.0.0 greeting=1.0.0"));
        assertThat(fixture.chain.history().subList(1, fixture.chain.history().size()))
                .noneMatch(String::isEmpty);
    }

    @Test
    void aJarWithTheContentOfAPartIsADuplicateAndTakesOver() throws Exception {
        byte[] auth = ReleaseZip.bytes(middleware("auth", "1.0.0", "auth"));
        put(
                "shop.zip",
                ReleaseZip.of("shop", "1.0.0")
                        .entry("lib/auth.jar", auth)
                        .bundle("greeting.jar", middleware("greeting", "1.0.0", "greeting")));
        Files.write(fixture.file("auth.jar"), auth);
        fixture.settle();
        assertThat(fixture.in("auth.jar", DeploymentState.DUPLICATE).flatMap(DeploymentView::reason))
                .contains("same content as shop.zip!/lib/auth.jar");
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("it alone is there", () -> fixture.chain.serving().equals("auth=1.0.0"));
        assertThat(fixture.in("auth.jar", DeploymentState.PUBLISHED)).isPresent();
    }

    @Test
    void itIsTriedAgainWhenTheFileIsCopiedOnceMore() throws Exception {
        ReleaseZip bad = ReleaseZip.of("shop", "1.0.0")
                .bundle("auth.jar", middleware("auth", "1.0.0", "auth"))
                .bundle("greeting.jar", failing("greeting", "1.0.0"));
        put("shop.zip", bad);
        put("shop.zip", shop("1.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        assertThat(fixture.hasMarker("shop.zip")).isFalse();
    }

    @Test
    void whatCantComeBackKeepsThePlacesOfAllOfItAndIsTriedAgain() throws Exception {
        put(
                "shop.zip",
                ReleaseZip.of("shop", "1.0.0")
                        .bundle("auth.jar", middleware("auth", "1.0.0", "auth"))
                        .bundle(
                                "greeting.jar",
                                new BundleJar("greeting", "1.0.0")
                                        .activator(
                                                "if (System.getProperty(\"release.test.fails\") != null) throw new"
                                                        + " IllegalStateException(\"no database\"); register(\"greeting\");",
                                                "")));
        System.setProperty("release.test.fails", "yes");
        try {
            fixture.crashAndStart();
            assertThat(fixture.chain.serving()).doesNotContain("1.0.0");
            assertThat(fixture.reason("shop.zip")).contains("greeting.jar: ").contains("no database");
            assertThat(fixture.marker("shop.zip")).contains("no database");
        } finally {
            System.clearProperty("release.test.fails");
        }
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(fixture.run.view().deployments())
                .extracting(DeploymentView::state)
                .containsOnly(DeploymentState.PUBLISHED);
    }

    @Test
    void theDowngradeOfOneBundleRefusesAll() throws Exception {
        put("shop.zip", shop("2.0.0"));
        IntegrityPolicy asked = fixture.settings.integrity();
        fixture.verifyBy(new IntegrityPolicy(
                asked.sha256(),
                asked.signature(),
                true,
                asked.requiredChecks(),
                asked.checkProviders(),
                asked.checkTimeout()));
        put(
                "shop.zip",
                ReleaseZip.of("shop", "3.0.0")
                        .bundle("auth.jar", middleware("auth", "3.0.0", "auth"))
                        .bundle("greeting.jar", middleware("greeting", "1.0.0", "greeting")));
        assertThat(fixture.reason("shop.zip")).contains("greeting.jar: ").contains("deploy.downgrade=refuse");
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
    }

    @Test
    void aBundleThatLacksAMiddlewareOfTheOneBeforeFailsAll() throws Exception {
        put(
                "shop.zip",
                ReleaseZip.of("shop", "1.0.0")
                        .bundle("one.jar", middleware("one", "1.0.0", "auth").declares("auth"))
                        .bundle(
                                "other.jar",
                                middleware("other", "1.0.0", "greeting").declares("greeting")));
        put(
                "shop.zip",
                ReleaseZip.of("shop", "2.0.0")
                        .bundle("one.jar", new BundleJar("one", "2.0.0"))
                        .bundle(
                                "other.jar",
                                middleware("other", "2.0.0", "greeting").declares("greeting")));
        Optional<DeploymentView> failed = fixture.in("shop.zip", DeploymentState.FAILED);
        assertThat(failed.flatMap(DeploymentView::reason).orElse("")).contains("provides auth");
        assertThat(List.of(fixture.chain.serving())).containsExactly("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void itsTrafficRulesComeAndGoWithIt() throws Exception {
        put(
                "shop.zip",
                new ReleaseZip()
                        .json("{\"traffic\": [{\"middleware\": \"auth\", \"weights\": \"1.0.0=9, 2.0.0=1\"}]}")
                        .bundle("auth.jar", middleware("auth", "1.0.0", "auth"))
                        .bundle("auth-2.jar", middleware("auth", "2.0.0", "auth")));
        assertThat(rules()).containsExactly("shop.zip 1.0.0=9, 2.0.0=1");
        fixture.crashAndStart();
        assertThat(rules()).containsExactly("shop.zip 1.0.0=9, 2.0.0=1");
        put("shop.zip", shop("3.0.0"));
        assertThat(rules()).isEmpty();
    }

    private List<String> rules() {
        return fixture.chain.releaseRules().stream()
                .map(rule -> rule.file() + " " + rule.texts().get("weights"))
                .toList();
    }

    @Test
    void aRuleWithAMistakeRefusesAll() throws Exception {
        put("shop.zip", shop("1.0.0").json("{\"traffic\": [{\"middleware\": \"auth\"}]}"));
        assertThat(fixture.reason("shop.zip")).contains("release.json: traffic[0]: it has no weights");
    }

    @Test
    void oneThatTheChainRefusesTakesAllBackAndTheOthersOfTheBatchCome() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.chain.refuse("greeting");
        shop("2.0.0").writeTo(fixture.file("shop.zip"));
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        assertThat(fixture.reason("shop.zip")).contains("the chain doesn't publish it");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0 other=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
        fixture.crashAndStart();
        // The chain of the next start refuses nothing, and the file is tried again.
        assertThat(fixture.chain.history()).contains("auth=1.0.0 greeting=1.0.0 other=1.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0 other=1.0.0");
    }

    /** A release has no steps, but a bundle of it is a version like any other for what comes beside it. */
    @Test
    void aJarWithAHigherVersionOfOneOfItsBundlesIsRolledOutBesideThat() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.rollOutBy(Map.of("steps", "50,100", "bake", "0s"));
        middleware("auth", "2.0.0", "auth").writeTo(fixture.file("auth.jar"));
        fixture.settle();
        assertThat(fixture.chain.shares()).isEqualTo("auth:2.0.0=5000,1.0.0=5000");
        put("shop.zip", shop("3.0.0"));
        assertThat(fixture.run.rollouts()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("auth=3.0.0 greeting=3.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=3.0.0 greeting=3.0.0");
    }

    @Test
    void itsDigestIsComparedAndItsBundlesAreShownToChecks() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        ArtifactCheck check = new ArtifactCheck() {
            @Override
            public CheckOutcome checkFile(ArtifactFile file) {
                asked.add(file.name());
                return CheckOutcome.passed();
            }

            @Override
            public CheckOutcome checkBundle(ArtifactBundle bundle) {
                asked.add(bundle.symbolicName() + " " + bundle.headers().get("Bundle-Version") + " of "
                        + bundle.file().name());
                return bundle.version().equals("2.0.0") && bundle.symbolicName().equals("greeting")
                        ? CheckOutcome.refused("It isn't wanted.")
                        : CheckOutcome.passed();
            }
        };
        fixture.framework
                .context()
                .registerService(ArtifactCheck.class, check, new Hashtable<>(Map.of(ArtifactCheck.NAME, "company")));
        byte[] bytes = shop("1.0.0").bytes();
        Files.writeString(fixture.file("shop.zip.sha256"), ReleaseZip.sha256(bytes) + "  shop.zip\n");
        Files.write(fixture.file("shop.zip"), bytes);
        eventually("it is there", () -> fixture.chain.serving().equals("auth=1.0.0 greeting=1.0.0"));
        assertThat(asked).containsExactly("shop.zip", "auth 1.0.0 of shop.zip", "greeting 1.0.0 of shop.zip");
        assertThat(fixture.in("shop.zip", DeploymentState.PUBLISHED)
                        .orElseThrow()
                        .verified())
                .containsExactly("sha256");
        shop("2.0.0").writeTo(fixture.file("shop.zip"));
        eventually(
                "it is waited for",
                () -> fixture.states().contains("shop.zip:FAILED")
                        || fixture.states().contains("shop.zip:INCOMPLETE"));
        assertThat(asked).hasSize(3);
        Files.delete(fixture.file("shop.zip.sha256"));
        eventually("it is refused", () -> fixture.reasonOf("shop.zip").contains("It isn't wanted."));
        assertThat(fixture.reason("shop.zip")).contains("greeting.jar: ").contains("'company'");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
    }

    @Test
    void atAFirstStartThePlacesOfAllItsBundlesAreKeptThoughOneFails() throws Exception {
        fixture.crash();
        ReleaseZip.of("shop", "1.0.0")
                .bundle("auth.jar", middleware("auth", "1.0.0", "auth").declares("auth"))
                .bundle("greeting.jar", failing("greeting", "1.0.0").declares("greeting"))
                .writeTo(fixture.file("shop.zip"));
        fixture.start();
        assertThat(fixture.reason("shop.zip")).contains("no database");
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=closed");
        assertThat(fixture.run.view().deployments()).hasSize(1);
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=closed greeting=closed");
        fixture.settle();
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        fixture.delete("shop.zip");
        fixture.settle();
        eventually("all has left", () -> fixture.chain.serving().isEmpty());
    }

    @Test
    void theNextContentOfItsFileMayBeAnotherReleaseAndTheEarlierOfItsNameTakesOver() throws Exception {
        put("a.zip", shop("1.0.0"));
        put("b.zip", shop("2.0.0"));
        assertThat(superseded("a.zip")).contains("b.zip");
        put("b.zip", ReleaseZip.of("other", "1.0.0").bundle("other.jar", middleware("other", "1.0.0", "other")));
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0 other=1.0.0");
        assertThat(fixture.in("a.zip", DeploymentState.PUBLISHED)).isPresent();
        assertNoMixOf("auth=1.0.0 greeting=2.0.0");
    }

    private void assertNoMixOf(String mix) {
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains(mix));
    }

    @Test
    void whenNothingCanBeWrittenDownNothingHasChanged() throws Exception {
        put("shop.zip", shop("1.0.0"));
        fixture.closeLedger();
        put("shop.zip", shop("2.0.0"));
        assertThat(fixture.reason("shop.zip")).contains("the ledger can't be written");
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0 greeting=1.0.0");
        fixture.awaitBundles(2);
    }

    @Test
    void whatAnOperatorStoppedRunsAgainWithTheNextReleaseThoughItIsTheSame() throws Exception {
        byte[] auth = ReleaseZip.bytes(middleware("auth", "1.0.0", "auth"));
        put("shop.zip", ReleaseZip.of("shop", "1.0.0").entry("auth.jar", auth));
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("auth", "1.0.0").stop();
        }
        put("shop.zip", ReleaseZip.of("shop", "2.0.0").entry("auth.jar", auth));
        assertThat(fixture.in("shop.zip!/auth.jar", DeploymentState.PUBLISHED)).isPresent();
        assertThat(Files.exists(fixture.file("shop.zip.stopped"))).isFalse();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("auth=1.0.0");
        assertThat(fixture.in("shop.zip!/auth.jar", DeploymentState.PUBLISHED)).isPresent();
    }

    @Test
    void ofThreeTheOneBetweenComesIfTheHighestFails() throws Exception {
        put("shop-1.zip", shop("1.0.0"));
        ReleaseZip.of("shop", "3.0.0")
                .bundle("auth.jar", failing("auth", "3.0.0"))
                .writeTo(fixture.file("shop-3.zip"));
        shop("2.0.0").writeTo(fixture.file("shop-2.zip"));
        fixture.settle();
        fixture.settle();
        assertThat(fixture.reason("shop-3.zip")).contains("no database");
        assertThat(fixture.chain.serving()).isEqualTo("auth=2.0.0 greeting=2.0.0");
        assertThat(superseded("shop-1.zip")).contains("shop-2.zip");
    }
}

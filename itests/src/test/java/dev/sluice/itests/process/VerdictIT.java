package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Saboteur;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every version that leaves gets its verdict, whoever took it away, and no clean one is accused. */
@Tag("process")
class VerdictIT {

    private static final int SWAPS = 30;

    /** A probe every few seconds, each of which may have to make young class loaders old. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    /** Collections that clear soft references are asked for after one minute, and after two more. */
    private static final Duration PATIENCE_WITH_SOFT_REFERENCES = Duration.ofSeconds(360);

    private static final String LEAKING = "fixture.Leaking";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void thirtySwapsUnderRequestsAreCollectedAndNoneIsAccused() {
        SluiceProcess sluice = start("unload.probe.interval=2s");
        sluice.home().copy(Answers.application(), "application.jar");
        replace(sluice, 0);

        try (Load load = Load.on(sluice.data("/"), Answers.sameVersion(200, "clean"))) {
            for (int version = 1; version <= SWAPS; version++) {
                replace(sluice, version);
                assertNobodyAccused(sluice);
            }
            Await.until(PATIENCE, () -> {
                assertNobodyAccused(sluice);
                assertThat(sluice.status().unloads()).hasSize(SWAPS).allSatisfy(unload -> {
                    assertThat(unload.verdict()).isEqualTo("COLLECTED");
                    assertThat(unload.seconds()).isPresent();
                });
            });
            load.stop();
            assertThat(load.complaints()).isEmpty();
        }
        assertThat(sluice.status().unloads())
                .allSatisfy(unload -> assertThat(unload.symbolicName()).isEqualTo("test.clean"))
                .allSatisfy(unload ->
                        assertThat(unload.json().get("file").getAsString()).startsWith("clean.jar"));
    }

    @Test
    void whatAnotherBundleOrAThreadHoldsHasLeaked() {
        // No search can name what is in another bundle's list, and then it could be held softly: this JVM doesn't spare
        // soft
        // references for as long as others do.
        SluiceProcess sluice = start(
                List.of("-XX:SoftRefLRUPolicyMSPerMB=0"),
                "unload.probe.interval=2s",
                "unload.grace=1s",
                "unload.cleanup.threads=off");
        Home home = sluice.home();
        home.copy(keeper().jar(), "keeper.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("keeper.jar")).isEqualTo("PUBLISHED"));
        home.copy(kept("1.0.0").jar(), "kept.jar");
        home.copy(running("1.0.0").jar(), "running.jar");
        Answers.awaitServing(sluice, "kept", "1.0.0");
        Answers.awaitServing(sluice, "running", "1.0.0");

        home.remove("kept.jar");
        home.remove("running.jar");

        Await.until(PATIENCE_WITH_SOFT_REFERENCES, () -> {
            assertThat(verdict(sluice, "test.kept", "1.0.0")).isEqualTo("LEAKED");
            assertThat(verdict(sluice, "test.running", "1.0.0")).isEqualTo("LEAKED");
        });
        assertThat(sluice.status().alarms())
                .anySatisfy(
                        alarm -> assertThat(alarm).contains("One version of").contains("kept"))
                .anySatisfy(
                        alarm -> assertThat(alarm).contains("One version of").contains("running"));
        assertThat(sluice.status().unload("test.running", "1.0.0").orElseThrow().culprits())
                .anySatisfy(culprit -> assertThat(culprit).contains("left-running"));
        assertThat(sluice.log()).contains("test.kept 1.0.0").contains("has leaked");
    }

    @Test
    void whatASoftReferenceAloneHoldsIsNotAccused() {
        // With more than 100 free megabytes, soft references outlive this test.
        SluiceProcess sluice =
                start(List.of("-XX:SoftRefLRUPolicyMSPerMB=60000"), "unload.probe.interval=2s", "unload.grace=1s");
        sluice.home().copy(keeper().jar(), "keeper.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("keeper.jar")).isEqualTo("PUBLISHED"));
        sluice.home().copy(softlyKept("1.0.0").jar(), "soft.jar");
        Answers.awaitServing(sluice, "soft", "1.0.0");

        sluice.home().remove("soft.jar");

        Await.until(PATIENCE, () -> assertThat(sluice.status()
                        .unload("test.soft", "1.0.0")
                        .orElseThrow()
                        .note())
                .hasValueSatisfying(note -> assertThat(note).contains("soft references")));
        // Three collections that take class loaders have come by.
        assertThat(verdict(sluice, "test.soft", "1.0.0")).isEqualTo("PENDING");
        assertThat(sluice.log()).containsOnlyOnce("test.soft 1.0.0 (unload 1) is still in memory");
        assertNobodyAccused(sluice);
    }

    @Test
    void updatesInPlaceAndUninstallsInTheConsoleGetTheirVerdictToo() {
        SluiceProcess sluice = start("unload.probe.interval=2s");
        Saboteur saboteur = Saboteur.deploy(sluice);
        sluice.home().copy(victim("1.0.0"), "victim.jar");
        Answers.awaitServing(sluice, "victim", "1.0.0");

        saboteur.updates("test.victim", victim("1.1.0"));
        Await.until(PATIENCE, () -> assertThat(verdict(sluice, "test.victim", "1.0.0"))
                .isEqualTo("COLLECTED"));

        Answers.awaitServing(sluice, "victim", "1.1.0");
        long id = sluice.status().place("victim").orElseThrow().bundleId();
        sluice.operator().postForm(sluice.admin("/system/console/bundles/" + id), "action=uninstall");
        Await.until(PATIENCE, () -> assertThat(verdict(sluice, "test.victim", "1.1.0"))
                .isEqualTo("COLLECTED"));
        assertThat(Stream.of("1.0.0", "1.1.0")
                        .map(version ->
                                sluice.status().unload("test.victim", version).orElseThrow())
                        .map(unload -> unload.json().get("file").getAsString()))
                .as("what they were deployed as, though the deployer released neither")
                .containsOnly("victim.jar");
        assertNobodyAccused(sluice);
    }

    @Test
    void whatIsRefreshedGetsItsVerdictToo() {
        SluiceProcess sluice = start("unload.probe.interval=2s");
        Saboteur saboteur = Saboteur.deploy(sluice);
        sluice.home().copy(victim("1.0.0"), "victim.jar");
        Answers.awaitServing(sluice, "victim", "1.0.0");

        saboteur.does("refresh", "test.victim");

        Await.until(PATIENCE, () -> assertThat(verdict(sluice, "test.victim", "1.0.0"))
                .isEqualTo("COLLECTED"));
        Answers.awaitServing(sluice, "victim", "1.0.0");
        assertNobodyAccused(sluice);
    }

    @Test
    void whatOthersAreWiredToIsInUseUntilTheyAreRefreshed() {
        SluiceProcess sluice = start("unload.probe.interval=2s");
        Saboteur saboteur = Saboteur.deploy(sluice);
        Home home = sluice.home();
        home.copy(keeper().jar(), "keeper.jar");
        Await.until(() -> assertThat(sluice.status().stateOf("keeper.jar")).isEqualTo("PUBLISHED"));
        home.copy(user("1.0.0").jar(), "user.jar");
        Answers.awaitServing(sluice, "user", "1.0.0");

        saboteur.updates(
                "test.keeper", keeper().header("Bundle-Version", "1.1.0").jar());

        Await.until(PATIENCE, () -> {
            assertThat(verdict(sluice, "test.keeper", "1.0.0")).isEqualTo("IN_USE");
            assertThat(sluice.status()
                            .unload("test.keeper", "1.0.0")
                            .orElseThrow()
                            .users())
                    .containsExactly("test.user 1.0.0");
        });
        saboteur.does("refresh", "test.keeper");
        Await.until(PATIENCE, () -> assertThat(verdict(sluice, "test.keeper", "1.0.0"))
                .isEqualTo("COLLECTED"));
        assertNobodyAccused(sluice);
    }

    private static SluiceProcess start(String... settings) {
        return start(List.of(), settings);
    }

    private static SluiceProcess start(List<String> jvm, String... settings) {
        Home home = sluices.home();
        home.configure("dev.sluice.unload", settings);
        return sluices.start(SluiceProcess.on(home).jvm(jvm.toArray(String[]::new)));
    }

    private static void replace(SluiceProcess sluice, int version) {
        String number = "1.0." + version;
        sluice.home().copy(TestBundle.stamping("clean", number).jar(), "clean.jar");
        Answers.awaitServing(sluice, "clean", number);
    }

    private static void assertNobodyAccused(SluiceProcess sluice) {
        Status status = sluice.status();
        assertThat(status.unloads())
                .noneSatisfy(unload -> assertThat(unload.verdict()).isEqualTo("LEAKED"));
        assertThat(status.alarms()).noneSatisfy(alarm -> assertThat(alarm).contains("still in memory"));
    }

    private static String verdict(SluiceProcess sluice, String symbolicName, String version) {
        return sluice.status()
                .unload(symbolicName, version)
                .map(Status.Unload::verdict)
                .orElse("none");
    }

    private static byte[] victim(String version) {
        return TestBundle.stamping("victim", version).jar();
    }

    /** A bundle that others may leave things with. */
    private static TestBundle keeper() {
        return TestBundle.of("test.keeper", "1.0.0")
                .header("Export-Package", "keeper")
                .source(
                        "keeper.Keeper",
                        "package keeper; public final class Keeper {"
                                + " public static final java.util.List<Object> KEPT ="
                                + " new java.util.concurrent.CopyOnWriteArrayList<>(); }");
    }

    private static TestBundle kept(String version) {
        return leaking("kept", version, "keeper.Keeper.KEPT.add(this);")
                .uses(keeper())
                .imports("keeper");
    }

    private static TestBundle softlyKept(String version) {
        return leaking("soft", version, "keeper.Keeper.KEPT.add(new java.lang.ref.SoftReference<>(this));")
                .uses(keeper())
                .imports("keeper");
    }

    /** Is wired to the keeper, and leaves nothing there. */
    private static TestBundle user(String version) {
        return leaking("user", version, "keeper.Keeper.KEPT.size();")
                .uses(keeper())
                .imports("keeper");
    }

    private static TestBundle running(String version) {
        return leaking(
                "running",
                version,
                "Thread thread = new Thread(() -> {"
                        + " try { new java.util.concurrent.CountDownLatch(1).await(); }"
                        + " catch (InterruptedException e) { } }, \"left-running\");"
                        + " thread.setDaemon(true); thread.start();");
    }

    private static TestBundle leaking(String name, String version, String statement) {
        return TestBundle.stamping(name, version)
                .header("Bundle-Activator", LEAKING)
                .source(
                        LEAKING,
                        String.join(
                                "\n",
                                List.of(
                                        "package fixture;",
                                        "import org.osgi.framework.BundleActivator;",
                                        "import org.osgi.framework.BundleContext;",
                                        "public final class Leaking implements BundleActivator {",
                                        "    private final Activator activator = new Activator();",
                                        "    public void start(BundleContext context) throws Exception {",
                                        "        activator.start(context);",
                                        "        " + statement,
                                        "    }",
                                        "    public void stop(BundleContext context) throws Exception {",
                                        "        activator.stop(context);",
                                        "    }",
                                        "}")));
    }
}

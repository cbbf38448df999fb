package dev.sluice.itests.fault;

import static dev.sluice.itests.fault.Stage.FILE;
import static dev.sluice.itests.fault.Stage.PAIR_FILE;
import static dev.sluice.itests.fault.Stage.START_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fault.Catalogue.Row;
import dev.sluice.itests.fixture.AnnotatedBundle;
import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What bundles do when they start, stop and serve, and what they do to others. */
final class BundleFaults {

    private static final String FAMILY = "bundles";
    private static final String CHAIN = "dev.sluice.chain";
    private static final String DEPLOYER = "dev.sluice.deployer";

    private BundleFaults() {}

    static List<Row> rows() {
        return List.of(
                Row.of(throwing()),
                Row.of(failing("throws an Error", "com/example/Absent")),
                Row.of(failing("throws what can't be told", "Untellable")),
                Row.of(failing("throws a long story", "IllegalStateException")),
                Row.of(failing("overflows", "StackOverflowError")),
                Row.of(component(
                        "a component that fails to activate",
                        "public Stamp() { throw new IllegalStateException(\"no licence\"); }",
                        "no licence")),
                Row.of(failing("health is critical", "the queue is down")),
                Row.of(failing("health throws", "can't tell")),
                Row.atOnce(
                        "what never gets ready",
                        failing("hangs", START_TIMEOUT),
                        failing("spins", START_TIMEOUT),
                        failing("health hangs", START_TIMEOUT),
                        component(
                                "a component that needs a missing service",
                                "@Reference java.util.concurrent.ExecutorService pool;",
                                "ExecutorService")),
                Row.of(threads()),
                Row.of(stopTrouble("throws in its stop")),
                Row.of(stopTrouble("hangs in its stop")),
                Row.of(classInit()),
                Row.of(secondOwner()),
                Row.of(othersAreStopped("stops others")),
                Row.of(othersAreStopped("stops others on a thread")),
                Row.of(theDenierIsUninstalled()),
                Row.of(theChainIsStopped()),
                Row.of(theChainIsUpdated()),
                Row.of(theDeployerIsStopped()),
                Row.of(exitAndStay("exits")),
                Row.of(exit("exits on a thread")),
                Row.of(exit("halts")),
                Row.of(exit("stops the framework")));
    }

    /** As the next version of what runs: that has to serve on. */
    private static Fault throwing() {
        return fault("the next version's activator throws")
                .strikes(stage -> stage.home()
                        .copy(
                                StageBundles.pair("99.0.0")
                                        .header("Test-Start", "throw")
                                        .jar(),
                                PAIR_FILE))
                .seen(stage -> stage.awaitFailed(PAIR_FILE, "no database at db.example:5432"))
                .mended(stage -> stage.home().copy(stage.pair(), PAIR_FILE));
    }

    private static Fault failing(String trouble, String... words) {
        String file = trouble.replaceAll("[^a-z]", "-") + ".jar";
        return fault("a bundle that " + trouble)
                .strikes(stage -> stage.home().copy(trouble(stage, trouble).jar(), file))
                .seen(stage -> {
                    stage.awaitFailed(file, words);
                    assertThat(Files.size(stage.home().marker(file)))
                            .as("bytes of the marker")
                            .isLessThan(100_000);
                    assertThat(stage.get("/trouble").headers().firstValue("X-trouble"))
                            .as("it doesn't serve")
                            .isEmpty();
                })
                .mended(stage -> {
                    Files.createFile(until(stage, trouble));
                    stage.home().remove(file);
                    stage.awaitGone(file);
                });
    }

    private static Fault component(String name, String body, String... words) {
        return fault(name)
                .strikes(stage -> stage.home()
                        .copy(
                                AnnotatedBundle.stamping("component", "1.0.0", "", body)
                                        .paths("/component")
                                        .jar(),
                                "component.jar"))
                .seen(stage -> stage.awaitFailed("component.jar", words))
                .mended(stage -> {
                    stage.home().remove("component.jar");
                    stage.awaitGone("component.jar");
                });
    }

    private static Fault threads() {
        return fault("a bundle that starts 100 threads and leaves them behind")
                .strikes(stage ->
                        stage.home().copy(trouble(stage, "starts threads").jar(), FILE))
                .seen(stage -> {
                    stage.awaitStamp("/trouble", "trouble", "1.0.0");
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "trouble");
                })
                .mended(stage -> Files.createFile(until(stage, "starts threads")))
                .thatChangesTheChain();
    }

    private static Fault stopTrouble(String trouble) {
        return fault("a bundle that " + trouble + " holds up nothing that comes after it")
                .strikes(stage -> {
                    stage.home().copy(trouble(stage, trouble).jar(), FILE);
                    stage.awaitStamp("/trouble", "trouble", "1.0.0");
                    stage.home().remove(FILE);
                })
                .seen(stage -> {
                    stage.home().copy(FileFaults.bundle("later", "1.0.0").jar(), "later.jar");
                    stage.awaitStamp("/later", "later", "1.0.0");
                    stage.awaitStamp("/trouble", "trouble", "none");
                })
                .mended(stage -> {
                    Files.createFile(until(stage, trouble));
                    stage.home().remove("later.jar");
                    stage.awaitGone("later.jar", "later");
                    stage.awaitGone(FILE, "trouble");
                })
                .thatChangesTheChain();
    }

    private static Fault classInit() {
        return fault("a class whose initialiser throws at the first request")
                .strikes(stage ->
                        stage.home().copy(trouble(stage, "class init throws").jar(), FILE))
                .seen(stage -> {
                    Await.until(
                            () -> assertThat(stage.get("/trouble").statusCode()).isEqualTo(500));
                    for (int again = 0; again < 20; again++) {
                        assertThat(stage.get("/trouble").statusCode()).isEqualTo(500);
                        assertThat(stage.get("/trouble").body()).doesNotContain("Broken");
                    }
                    Await.until(() -> assertThat(stage.log()).contains("ExceptionInInitializerError", "trouble"));
                })
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "trouble");
                })
                .thatChangesTheChain();
    }

    private static Fault secondOwner() {
        return fault("a second owner for the denier's name")
                .strikes(stage -> stage.home()
                        .copy(
                                TestBundle.of("test.thief", "99.0.0")
                                        .middleware("denier", "/forbidden/*", 1000, "stamp")
                                        .jar(),
                                FILE))
                .seen(stage -> stage.awaitFailed(FILE, "denier", StageBundles.DENIER, "chain.owner"))
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE);
                });
    }

    private static Fault othersAreStopped(String trouble) {
        return fault("an activator that " + trouble + ", the denier among them")
                .tolerating(Target.values())
                .strikes(stage -> stage.home()
                        .copy(
                                trouble(stage, trouble)
                                        .header("Trouble-Victims", StageBundles.DENIER + " " + StageBundles.PAIR)
                                        .jar(),
                                FILE))
                .seen(stage -> {
                    stage.awaitBlocked("denier");
                    stage.awaitBlocked("first");
                    stage.awaitExplained("denier.jar");
                    stage.awaitExplained(PAIR_FILE);
                    stage.oracle().awaitRefused(Target.FORBIDDEN);
                    stage.oracle().awaitRefused(Target.APP);
                })
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "trouble");
                    stage.operator("start", StageBundles.DENIER);
                    stage.operator("start", StageBundles.PAIR);
                });
    }

    private static Fault theDenierIsUninstalled() {
        return fault("an activator that uninstalls the denier, which is copied once more")
                .tolerating(Target.FORBIDDEN)
                .strikes(stage -> stage.home()
                        .copy(
                                trouble(stage, "uninstalls others")
                                        .header("Trouble-Victims", StageBundles.DENIER)
                                        .jar(),
                                FILE))
                .seen(stage -> {
                    stage.awaitBlocked("denier");
                    stage.awaitExplained("denier.jar");
                    stage.oracle().awaitRefused(Target.FORBIDDEN);
                })
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE, "trouble");
                    stage.home().copy(stage.denier(), "denier.jar");
                });
    }

    private static Fault theChainIsStopped() {
        return fault("an activator that stops the chain's own bundle")
                .tolerating(Target.values())
                .strikes(stage -> stage.home()
                        .copy(
                                trouble(stage, "stops others on a thread")
                                        .header("Trouble-Victims", CHAIN)
                                        .jar(),
                                FILE))
                .seen(stage -> {
                    Await.until(() -> assertThat(stage.sluice().status().json().getAsJsonArray("away"))
                            .anySatisfy(away -> assertThat(away.getAsString()).isEqualTo("chain")));
                    stage.oracle().awaitRefused(Target.FORBIDDEN);
                    stage.oracle().awaitRefused(Target.APP);
                    assertThat(stage.get(Target.FORBIDDEN).body()).contains("What guards this listener");
                })
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.operator("start", CHAIN);
                    stage.awaitGone(FILE, "trouble");
                });
    }

    private static Fault theChainIsUpdated() {
        return fault("the chain's own bundle is updated in place, five times")
                .tolerating(Target.values())
                .strikes(stage -> {
                    for (int i = 0; i < 5; i++) {
                        int ended = stage.saboteur().ended();
                        stage.saboteur().begins("update", CHAIN);
                        // That it was refused is no sign: answers to what was refused before may still come in.
                        Await.until(() -> assertThat(stage.saboteur().ended()).isGreaterThan(ended));
                    }
                });
    }

    private static Fault theDeployerIsStopped() {
        return fault("the deployer's bundle is stopped: what runs goes on")
                .strikes(stage -> stage.saboteur().does("stop", DEPLOYER))
                .seen(stage -> {
                    Await.until(() -> assertThat(stage.sluice().status().json().getAsJsonArray("away"))
                            .anySatisfy(away -> assertThat(away.getAsString()).isEqualTo("deployer")));
                    stage.oracle().awaitAnswers(1_000);
                })
                .mended(stage -> stage.operator("start", DEPLOYER))
                .thatChangesTheChain();
    }

    /** The process can't be kept from ending; the next start serves what was published. */
    private static Fault exit(String trouble) {
        return fault("an activator that " + trouble + ": a restart recovers")
                .thatEndsTheProcess()
                .strikes(stage -> stage.home().copy(trouble(stage, trouble).jar(), FILE))
                .seen(stage -> {
                    stage.sluice().awaitExit();
                    Files.delete(stage.home().deploy(FILE));
                    stage.restart();
                })
                .mended(stage -> stage.awaitGone(FILE));
    }

    /** As above, with the file still there: it isn't tried again, as it would end the process again. */
    private static Fault exitAndStay(String trouble) {
        return fault("an activator that " + trouble + ": a restart knows which bundle it was")
                .thatEndsTheProcess()
                .strikes(stage -> stage.home().copy(trouble(stage, trouble).jar(), FILE))
                .seen(stage -> {
                    stage.sluice().awaitExit();
                    stage.restart();
                    stage.awaitFailed(FILE, "exit");
                })
                .mended(stage -> {
                    stage.home().remove(FILE);
                    stage.awaitGone(FILE);
                });
    }

    private static Fault fault(String name) {
        return Fault.of(FAMILY, name);
    }

    private static TestBundle trouble(Stage stage, String trouble) throws IOException {
        Files.deleteIfExists(until(stage, trouble));
        return TestBundle.of("test.trouble." + trouble.replaceAll("[^a-z]", "-"), "1.0.0")
                .header("Bundle-Activator", "fixture.Hazard")
                .header("Trouble", trouble)
                .header("Trouble-Name", "trouble")
                .header("Trouble-Until", until(stage, trouble).toString())
                .imports("org.osgi.framework")
                .imports("org.apache.felix.hc.api")
                .imports("jakarta.servlet")
                .imports("jakarta.servlet.http")
                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                .fixture("fixture.Hazard");
    }

    private static Path until(Stage stage, String trouble) {
        return stage.home().path().toAbsolutePath().resolveSibling("until-" + trouble.replaceAll("[^a-z]", "-"));
    }
}

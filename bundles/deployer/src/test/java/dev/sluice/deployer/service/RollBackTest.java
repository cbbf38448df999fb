package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RollBack.Outcome;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** An operator puts earlier content in the place of what a file has. */
class RollBackTest {

    private static final String FILE = "greeting.jar";

    @TempDir
    Path home;

    private Fixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = Fixture.started(home);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private void put(String version) throws Exception {
        middleware("greeting", version, "greeting").writeTo(fixture.file(FILE));
        fixture.settle();
    }

    private CompletableFuture<RollBack> asked(String target, String to) {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return fixture.run.operations().rollBack(target, to);
        }
    }

    private RollBack back(String target, String to) throws Exception {
        return asked(target, to).get(30, TimeUnit.SECONDS);
    }

    private RollBack forward(String file) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return fixture.run.operations().rollForward(file).get(30, TimeUnit.SECONDS);
        }
    }

    private String serving() {
        return fixture.chain.serving();
    }

    private String reason() {
        return fixture.in(FILE, DeploymentState.PUBLISHED)
                .flatMap(view -> view.reason())
                .orElse("");
    }

    /** What was replaced may need a moment to be released. */
    private void awaitStates(String expected) {
        eventually(expected, () -> fixture.states().equals(expected));
    }

    private Path marker() {
        return fixture.file(FILE + ".rolledback");
    }

    @Test
    void earlierContentComesInTheGenerationInWhichTheLaterLeaves() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Bundle later = fixture.framework.bundle("greeting", "2.0.0");
        fixture.chain.enter(later.getBundleId());
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        int before = fixture.chain.history().size();

        RollBack outcome = back(FILE, "1.0.0");

        assertThat(outcome.outcome()).as(outcome.message()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(fixture.chain
                        .history()
                        .subList(before, fixture.chain.history().size()))
                .containsExactly("greeting=1.0.0");
        assertThat(later.getState()).as("a request holds it").isEqualTo(Bundle.ACTIVE);
        assertThat(fixture.file(FILE)).hasBinaryContent(content);
        assertThat(reason())
                .startsWith("rolled back to greeting 1.0.0 (sha256 ")
                .contains(") by operator admin at ", "(sha256 " + Sha256.of(fixture.file(FILE)) + ") isn't deployed")
                .endsWith("; roll it forward, or replace the file");
        assertThat(marker())
                .content()
                .startsWith("greeting.jar is rolled back: earlier content is deployed in its place.\n")
                .contains("by operator admin")
                .endsWith("This note goes by itself when it is rolled forward, or the file is replaced or removed.\n");
        assertThat(fixture.run.operations().history(1))
                .singleElement()
                .satisfies(last -> assertThat(last.cause()).contains(Cause.OPERATOR))
                .satisfies(last -> assertThat(last.summary()).isEqualTo("roll greeting.jar back to greeting 1.0.0"))
                .satisfies(last ->
                        assertThat(last.came()).extracting(ContentView::version).containsExactly("1.0.0"))
                .satisfies(last ->
                        assertThat(last.went()).extracting(ContentView::version).containsExactly("2.0.0"));
        fixture.chain.leave(later.getBundleId());
        eventually("the later is released", () -> later.getState() == Bundle.UNINSTALLED);
        fixture.awaitBundles(1);
    }

    @Test
    void theDecisionOutlivesRestartsAndTheFolderIsNotDeployedMeanwhile() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back("greeting", "1");
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        for (int i = 0; i < 2; i++) {
            fixture.crashAndStart();
            assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
            assertThat(serving()).isEqualTo("greeting=1.0.0");
            assertThat(reason()).startsWith("rolled back to greeting 1.0.0");
            assertThat(marker()).exists();
            awaitStates("greeting.jar:PUBLISHED");
        }
        Bundle bundle = fixture.framework.bundle("greeting", "1.0.0");
        fixture.run.close();
        fixture.startRun();
        assertThat(fixture.framework.bundle("greeting", "1.0.0")).isSameAs(bundle);
        assertThat(reason()).startsWith("rolled back to greeting 1.0.0");

        Files.write(fixture.file(FILE), Files.readAllBytes(fixture.file(FILE)));
        fixture.settle();
        fixture.settle();
        assertThat(serving()).as("the same bytes once more").isEqualTo("greeting=1.0.0");
        assertThat(marker()).exists();
        awaitStates("greeting.jar:PUBLISHED");
    }

    @Test
    void otherContentOfTheFileEndsIt() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        put("3.0.0");
        assertThat(serving()).isEqualTo("greeting=3.0.0");
        assertThat(marker()).doesNotExist();
        assertThat(reason()).isEmpty();
        put("2.0.0");
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void theEarlierContentItselfInTheFolderEndsItToo() throws Exception {
        put("1.0.0");
        Path first = Files.copy(fixture.file(FILE), home.resolve("first.jar"));
        put("2.0.0");
        Path second = Files.copy(fixture.file(FILE), home.resolve("second.jar"));
        back(FILE, "1.0.0");
        int causes = fixture.chain.causes().size();
        Files.copy(first, fixture.file(FILE), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        assertThat(marker()).doesNotExist();
        assertThat(reason()).isEmpty();
        assertThat(fixture.chain.causes()).hasSize(causes);
        Files.copy(second, fixture.file(FILE), StandardCopyOption.REPLACE_EXISTING);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void badContentOfTheFileLeavesWhatItWasRolledBackTo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        broken("3.0.0").writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.marker(FILE)).contains("the content before serves on", "broken");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        put("4.0.0");
        assertThat(serving()).isEqualTo("greeting=4.0.0");
    }

    private static BundleJar broken(String version) {
        return new BundleJar("greeting", version).activator("throw new Error(\"broken\");", "");
    }

    @Test
    void anOperatorTakesItBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        assertThat(forward(FILE).outcome()).isEqualTo(Outcome.ROLLED_FORWARD);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(marker()).doesNotExist();
        assertThat(reason()).isEmpty();
        assertThat(forward("greeting").outcome()).isEqualTo(Outcome.ALREADY);
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void goingBackToWhatTheFileHasIsGoingForward() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        assertThat(back(FILE, "2.0.0").outcome()).isEqualTo(Outcome.ROLLED_FORWARD);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(marker()).doesNotExist();
    }

    @Test
    void aFileIsRolledBackFurtherAndFurtherAndForwardInOneStep() throws Exception {
        put("1.0.0");
        put("2.0.0");
        put("3.0.0");
        back(FILE, "2.0.0");
        back(FILE, "1.0.0");
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        forward(FILE);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=3.0.0");
    }

    @Test
    void whatCannotComeUpAnyMoreChangesNothing() throws Exception {
        new BundleJar("greeting", "1.0.0")
                .activator(
                        "if (Boolean.getBoolean(\"no.database\")) throw new Error(\"no database\");"
                                + " register(\"greeting\");",
                        "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        put("2.0.0");
        System.setProperty("no.database", "true");
        RollBack outcome;
        try {
            outcome = back(FILE, "1.0.0");
        } finally {
            System.clearProperty("no.database");
        }
        assertThat(outcome.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(outcome.message())
                .startsWith("greeting.jar can't be rolled back to greeting 1.0.0: ")
                .contains("no database");
        assertThat(fixture.run.view().alarms()).containsExactly(outcome.message());
        fixture.settle();
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        awaitStates("greeting.jar:PUBLISHED");
        assertThat(fixture.hasMarker(FILE)).isFalse();
        assertThat(marker()).doesNotExist();
        fixture.awaitBundles(1);

        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void aFileWhoseContentHasFailedIsRolledBackAndNotTriedAgainWhenWhatItLacksComes() throws Exception {
        BundleJar library = new BundleJar("lib", "1.0.0")
                .header("Export-Package", "lib;version=1.0.0")
                .source("lib.Text", "package lib; public class Text { public static String of() { return \"x\"; } }");
        put("1.0.0");
        put("2.0.0");
        new BundleJar("greeting", "3.0.0")
                .imports("lib")
                .compiledAgainst(library)
                .activator("register(\"greeting\"); lib.Text.of();", "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(fixture.hasMarker(FILE)).isTrue();
        assertThat(back(FILE, "2.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(fixture.hasMarker(FILE)).isFalse();
        awaitStates("greeting.jar:PUBLISHED");

        library.writeTo(fixture.file("lib.jar"));
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        forward(FILE);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=3.0.0");
    }

    @Test
    void newContentThatComesWhileEarlierIsTriedIsDeployedInstead() throws Exception {
        put("1.0.0");
        new BundleJar("greeting", "2.0.0")
                .activator("while (Boolean.getBoolean(\"greeting.wait\")) Thread.sleep(5); register(\"greeting\");", "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        put("3.0.0");
        System.setProperty("greeting.wait", "true");
        CompletableFuture<RollBack> outcome;
        try {
            outcome = asked(FILE, "2.0.0");
            eventually(
                    "it starts", () -> fixture.in(FILE, DeploymentState.CLAIMED).isPresent());
            awaitStates("greeting.jar:PUBLISHED greeting.jar:CLAIMED");
            middleware("greeting", "4.0.0", "greeting").writeTo(fixture.file(FILE));
            assertThat(outcome.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.REFUSED);
        } finally {
            System.clearProperty("greeting.wait");
        }
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=4.0.0");
        assertThat(marker()).doesNotExist();
        fixture.awaitBundles(1);
    }

    @Test
    void contentThatIsTriedWhenItIsRolledBackIsGivenUpAndTriedAgainIfThatFails() throws Exception {
        new BundleJar("greeting", "1.0.0")
                .activator(
                        "if (Boolean.getBoolean(\"no.database\")) throw new Error(\"no database\");"
                                + " register(\"greeting\");",
                        "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        put("2.0.0");
        System.setProperty("greeting.wait", "true");
        System.setProperty("no.database", "true");
        try {
            new BundleJar("greeting", "3.0.0")
                    .activator(
                            "while (Boolean.getBoolean(\"greeting.wait\")) Thread.sleep(5); register(\"greeting\");",
                            "")
                    .writeTo(fixture.file(FILE));
            eventually(
                    "it starts", () -> fixture.in(FILE, DeploymentState.CLAIMED).isPresent());
            assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.FAILED);
            System.clearProperty("greeting.wait");
            eventually("it is deployed after all", () -> serving().equals("greeting=3.0.0"));
        } finally {
            System.clearProperty("greeting.wait");
            System.clearProperty("no.database");
        }
        fixture.settle();
        fixture.awaitBundles(1);
        awaitStates("greeting.jar:PUBLISHED");
    }

    @Test
    void aRenameTakesItAlongAndADeletionEndsIt() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        long bundle = fixture.framework.bundle("greeting", "1.0.0").getBundleId();
        Path second = Files.copy(fixture.file(FILE), home.resolve("second.jar"));
        Files.move(fixture.file(FILE), fixture.file("renamed.jar"));
        fixture.settle();
        fixture.settle();
        awaitStates("renamed.jar:PUBLISHED");
        assertThat(fixture.framework.bundle("greeting", "1.0.0").getBundleId()).isEqualTo(bundle);
        assertThat(fixture.file("renamed.jar.rolledback")).exists();
        assertThat(marker()).doesNotExist();
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));

        fixture.crash();
        Files.move(fixture.file("renamed.jar"), fixture.file("again.jar"));
        fixture.start();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        awaitStates("again.jar:PUBLISHED");
        assertThat(fixture.file("again.jar.rolledback")).exists();

        fixture.delete("again.jar");
        fixture.settle();
        fixture.settle();
        assertThat(serving()).isEmpty();
        assertThat(fixture.file("again.jar.rolledback")).doesNotExist();
        Files.copy(second, fixture.file("again.jar"));
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void aCopyOfTheEarlierContentTakesOverAsWhatItIsWhenTheRolledBackFileGoes() throws Exception {
        put("1.0.0");
        Files.copy(fixture.file(FILE), home.resolve("first.jar"));
        put("2.0.0");
        back(FILE, "1.0.0");
        Files.copy(home.resolve("first.jar"), fixture.file("copy.jar"));
        fixture.settle();
        assertThat(fixture.in("copy.jar", DeploymentState.DUPLICATE)).isPresent();
        fixture.delete(FILE);
        fixture.settle();
        fixture.settle();
        awaitStates("copy.jar:PUBLISHED");
        assertThat(fixture.file("copy.jar.rolledback")).doesNotExist();
        fixture.crashAndStart();
        awaitStates("copy.jar:PUBLISHED");
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.file("copy.jar.rolledback")).doesNotExist();
    }

    @Test
    void aFileUnderAnotherNameIsRolledBackToWhatItsSymbolicNameWas() throws Exception {
        middleware("greeting", "1.0.0", "greeting").writeTo(fixture.file("greeting-1.jar"));
        fixture.settle();
        middleware("greeting", "2.0.0", "greeting").writeTo(fixture.file("greeting-2.jar"));
        fixture.settle();
        assertThat(back("greeting", "1.0.0").outcome()).as("two are deployed").isEqualTo(Outcome.REFUSED);
        RollBack twin = back("greeting-2.jar", "1.0.0");
        assertThat(twin.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(twin.message()).contains("greeting 1.0.0 is deployed from greeting-1.jar", "delete greeting-2.jar");
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.delete("greeting-1.jar");
        fixture.settle();
        fixture.settle();
        assertThat(back("greeting", "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.file("greeting-2.jar.rolledback")).exists();
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(forward(FILE).outcome()).isEqualTo(Outcome.UNKNOWN);
        put("1.0.0");
        String first = Sha256.of(fixture.file(FILE));
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ALREADY);
        assertThat(back(FILE, first).outcome()).isEqualTo(Outcome.ALREADY);
        assertThat(back(FILE, "0.9").outcome()).isEqualTo(Outcome.UNKNOWN);
        new BundleJar("greeting", "1.0.0")
                .resource("other.txt", "other")
                .activator("register(\"greeting\");", "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(back(FILE, "1.0.0").message()).contains("several contents", first);
        assertThat(back(FILE, first).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        String second = Sha256.of(fixture.file(FILE));
        put("2.0.0");
        Files.writeString(fixture.data("store").resolve(second + ".jar"), "rotten");
        assertThat(back(FILE, second).message()).contains("damaged");
        Files.delete(fixture.data("store").resolve(first + ".jar"));
        assertThat(back(FILE, first).outcome()).isEqualTo(Outcome.NOT_KEPT);
        assertThat(fixture.run.operations().kept(FILE))
                .extracting(ContentView::sha256)
                .containsExactly(Sha256.of(fixture.file(FILE)), second);
    }

    @Test
    void theStoreKeepsTheLastVersionsAndWhatIsPinnedWhateverElseIsPruned() throws Exception {
        fixture.keep(new HistoryLimits(50, 3, 1L << 30));
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        middleware("other", "1.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        for (int i = 2; i <= 5; i++) {
            middleware("other", i + ".0.0", "other").writeTo(fixture.file("other.jar"));
            fixture.settle();
        }
        assertThat(fixture.run.operations().kept("other"))
                .extracting(ContentView::version)
                .containsExactly("5.0.0", "4.0.0", "3.0.0");
        assertThat(back("other", "2.0.0").outcome()).isEqualTo(Outcome.NOT_KEPT);
        assertThat(fixture.run.operations().kept("greeting"))
                .extracting(ContentView::version)
                .containsExactly("1.0.0", "2.0.0");

        fixture.keep(new HistoryLimits(50, 3, 0));
        middleware("other", "6.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        middleware("other", "7.0.0", "other").writeTo(fixture.file("other.jar"));
        fixture.settle();
        assertThat(fixture.run.operations().kept("other"))
                .extracting(ContentView::version)
                .containsExactly("7.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0 other=7.0.0");
    }

    @Test
    void whatWasRolledBackToAndIsStoppedByAnOperatorStaysBoth() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("greeting", "1.0.0").stop();
        }
        fixture.awaitBundles(1);
        awaitStates("greeting.jar:STOPPED");
        fixture.crashAndStart();
        awaitStates("greeting.jar:STOPPED");
        assertThat(serving()).isEmpty();
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("greeting", "1.0.0").start();
        }
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(marker()).exists();
        assertThat(reason()).startsWith("rolled back to");
    }

    @Test
    void whatAnOperatorHadStoppedOrUninstalledIsOverWhenItsFileIsRolledBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("greeting", "2.0.0").stop();
        }
        assertThat(fixture.file(FILE + ".stopped")).exists();
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.file(FILE + ".stopped")).doesNotExist();
        assertThat(marker()).exists();
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.framework.bundle("greeting", "1.0.0").uninstall();
        }
        awaitStates("greeting.jar:REMOVED");
        forward(FILE);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        awaitStates("greeting.jar:PUBLISHED");
        assertThat(fixture.file(FILE + ".removed")).doesNotExist();
        assertThat(marker()).doesNotExist();
    }

    @Test
    void aCopyOfTheFileUnderAnotherNameIsDeployedFromThereWhenTheFileIsRolledBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.copy(fixture.file(FILE), fixture.file("copy.jar"));
        fixture.settle();
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        awaitStates("copy.jar:PUBLISHED greeting.jar:PUBLISHED");
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.delete("copy.jar");
        fixture.settle();
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void somebodyWhoTookTheBundleAwayHasItBackFromTheSameBytesAsItWasRolledBackTo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        fixture.framework.bundle("greeting", "1.0.0").stop();
        assertThat(serving()).isEqualTo("greeting=closed");
        Files.write(fixture.file(FILE), Files.readAllBytes(fixture.file(FILE)));
        fixture.settle();
        eventually("it is back", () -> serving().equals("greeting=1.0.0"));
        fixture.settle();
        assertThat(reason()).startsWith("rolled back to");
        assertThat(fixture.states()).contains("greeting.jar:PUBLISHED");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void whatIsLostAtAStartIsRolledForwardOrElsewhere() throws Exception {
        put("1.0.0");
        put("2.0.0");
        put("3.0.0");
        back(FILE, "1.0.0");
        String sha256 = fixture.in(FILE, DeploymentState.PUBLISHED)
                .flatMap(view -> view.sha256())
                .orElseThrow();
        fixture.crash();
        Files.delete(fixture.data("store").resolve(sha256 + ".jar"));
        fixture.start();
        assertThat(serving()).isEqualTo("greeting=closed");
        assertThat(fixture.reason(FILE)).contains("roll it forward");
        assertThat(back(FILE, "2.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(fixture.run.view().alarms()).isEmpty();
        awaitStates("greeting.jar:PUBLISHED");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        forward(FILE);
        fixture.settle();
        assertThat(serving()).isEqualTo("greeting=3.0.0");
    }

    @Test
    void aLedgerThatCannotBeWrittenChangesNothing() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.closeLedger();
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.FAILED);
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        fixture.crashAndStart();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(marker()).doesNotExist();
    }

    @Test
    void whoAsksIsAnsweredWhenTheDeployerGoes() throws Exception {
        new BundleJar("greeting", "1.0.0")
                .activator("while (Boolean.getBoolean(\"greeting.wait\")) Thread.sleep(5); register(\"greeting\");", "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        put("2.0.0");
        System.setProperty("greeting.wait", "true");
        try {
            CompletableFuture<RollBack> outcome = asked(FILE, "1.0.0");
            eventually(
                    "it starts", () -> fixture.in(FILE, DeploymentState.CLAIMED).isPresent());
            fixture.run.close();
            assertThat(outcome.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(asked(FILE, "1.0.0").get(10, TimeUnit.SECONDS).message()).contains("stopping");
        } finally {
            System.clearProperty("greeting.wait");
        }
        fixture.startRun();
        assertThat(serving()).isEqualTo("greeting=2.0.0");
        assertThat(marker()).doesNotExist();
    }

    @Test
    void theHistoryTellsWhatCameAndWentAndWhy() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        forward(FILE);
        fixture.settle();
        fixture.crash();
        fixture.delete(FILE);
        fixture.start();
        List<PublicationView> history = fixture.run.operations().history(10);
        assertThat(history)
                .extracting(RollBackTest::brief)
                .containsExactly(
                        "5 START remove greeting.jar -2.0.0",
                        "4 FILE deploy greeting.jar +2.0.0 -1.0.0",
                        "3 OPERATOR roll greeting.jar back to greeting 1.0.0 +1.0.0 -2.0.0",
                        "2 FILE deploy greeting.jar +2.0.0 -1.0.0",
                        "1 FILE deploy greeting.jar +1.0.0");
        assertThat(fixture.run.operations().history(2)).isEqualTo(history.subList(0, 2));
    }

    private static String brief(PublicationView view) {
        StringBuilder brief = new StringBuilder(
                view.number() + " " + view.cause().map(Cause::name).orElse("-") + " " + view.summary());
        view.came().forEach(content -> brief.append(" +").append(content.version()));
        view.went().forEach(content -> brief.append(" -").append(content.version()));
        return brief.toString();
    }

    @Test
    void rollingForwardToWhatIsRefusedDoesNotSayThatItIsDeployed() throws Exception {
        put("1.0.0");
        put("2.0.0");
        back(FILE, "1.0.0");
        try (ZipOutputStream none = new ZipOutputStream(Files.newOutputStream(fixture.file(FILE)))) {
            none.putNextEntry(new ZipEntry("no bundle"));
        }
        eventually("it is refused", () -> fixture.hasMarker(FILE));
        fixture.settle();
        String reason = fixture.reason(FILE);
        assertThat(forward(FILE).message()).doesNotContain("deployed now");
        fixture.settle();
        assertThat(fixture.reason(FILE)).isEqualTo(reason);
        assertThat(fixture.marker(FILE)).contains(reason);
        assertThat(serving()).isEqualTo("greeting=1.0.0");
    }
}

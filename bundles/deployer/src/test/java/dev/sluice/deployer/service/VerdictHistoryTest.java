package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.FakeUnloads;
import dev.sluice.unload.Departure;
import dev.sluice.unload.Verdict;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

class VerdictHistoryTest extends WithFixture {

    private static final String FILE = "greeting.jar";

    private void put(String version) throws Exception {
        middleware("greeting", version, "greeting").writeTo(fixture.file(FILE));
        fixture.settle();
    }

    private void swapped() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.awaitBundles(1);
    }

    private String history() {
        return fixture.run.operations().history(10).stream()
                .filter(publication -> !publication.unloads().isEmpty())
                .map(VerdictHistoryTest::brief)
                .collect(Collectors.joining("\n"));
    }

    private static String brief(PublicationView publication) {
        return publication.number()
                + publication.unloads().stream()
                        .map(VerdictHistoryTest::brief)
                        .sorted()
                        .collect(Collectors.joining());
    }

    private static String brief(ReleasedView released) {
        return " " + released.file() + " " + released.verdict().map(Enum::name).orElse("-") + " " + released.summary();
    }

    private void awaitHistory(String expected) {
        eventually(expected + " and not " + history(), () -> history().equals(expected));
    }

    private void judge(String version, Verdict verdict, String... culprits) {
        fixture.unloads.judge(fixture.unloads.left(version).get(0), verdict, culprits);
    }

    @Test
    void itIsSaidWhatLeavesBeforeItIsStopped() throws Exception {
        swapped();
        String sha256 = fixture.run.operations().history(1).get(0).went().get(0).sha256();
        assertThat(fixture.unloads.departures()).containsExactly(new Departure(FILE, sha256, List.of("greeting")));
        assertThat(fixture.unloads.states()).containsExactly(Bundle.ACTIVE);
    }

    @Test
    void itIsSaidWhichRequestsAreStillInWhatLeavesAndWhenTheyAreOver() throws Exception {
        fixture.settings = Fixture.settings(Duration.ofSeconds(20), Duration.ofMillis(50));
        put("1.0.0");
        Bundle old = fixture.framework.bundle("greeting", "1.0.0");
        fixture.chain.enter(old.getBundleId());
        put("2.0.0");
        fixture.awaitBundles(1);
        assertThat(fixture.unloads.requestsIn(old.getBundleId()))
                .singleElement()
                .asString()
                .matches("GET /events, since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(fixture.unloads.over()).isEmpty();

        fixture.chain.leave(old.getBundleId());
        eventually("it was said", () -> fixture.unloads.over().equals(List.of(old.getBundleId())));
    }

    @Test
    void itIsSaidToOfWhatOthersTakeAway() throws Exception {
        put("1.0.0");
        Bundle bundle = fixture.framework.bundle("greeting", "1.0.0");
        fixture.chain.enter(bundle.getBundleId());

        bundle.uninstall();

        assertThat(fixture.unloads.requestsIn(bundle.getBundleId())).hasSize(1);
        fixture.chain.leave(bundle.getBundleId());
        eventually("it was said", () -> fixture.unloads.over().equals(List.of(bundle.getBundleId())));
    }

    @Test
    void itIsSaidOfCandidatesThatFailToo() throws Exception {
        new BundleJar("greeting", "1.0.0")
                .declares("greeting")
                .activator("throw new IllegalStateException();", "")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        fixture.awaitBundles(0);
        assertThat(fixture.unloads.departures())
                .extracting(departure -> departure.file() + departure.middleware())
                .containsExactly(FILE + "[greeting]");
        assertThat(history()).isEmpty();
    }

    @Test
    void itIsSaidUnderTheNameOfTheFileWhatARolloutHadPutAside() throws Exception {
        put("1.0.0");
        fixture.rollOutBy(java.util.Map.of("steps", "1%, 100%", "bake", "0s"));
        put("2.0.0");
        fixture.run.operations().promote(FILE).get();
        fixture.awaitBundles(1);
        assertThat(fixture.unloads.departures()).extracting(Departure::file).containsExactly(FILE);
        judge("1.0.0", Verdict.COLLECTED);
        awaitHistory("2 " + FILE + " COLLECTED collected 1.5 s after its release");
    }

    @Test
    void theHistoryTellsTheVerdictAndDoesSoAfterARestart() throws Exception {
        swapped();
        awaitHistory("2 " + FILE + " PENDING no verdict yet");
        judge("1.0.0", Verdict.COLLECTED);
        String expected = "2 " + FILE + " COLLECTED collected 1.5 s after its release";
        awaitHistory(expected);
        fixture.crashAndStart();
        assertThat(history()).isEqualTo(expected);
    }

    @Test
    void whatHasLeakedMayBeCollectedAfterAll() throws Exception {
        swapped();
        judge("1.0.0", Verdict.IN_USE);
        judge("1.0.0", Verdict.LEAKED, "thread \"poller\" is running");
        awaitHistory("2 " + FILE + " LEAKED leaked, held by thread \"poller\" is running");
        judge("1.0.0", Verdict.COLLECTED, "thread \"poller\" is running");
        awaitHistory("2 " + FILE + " COLLECTED collected 1.5 s after its release, held for a while by thread"
                + " \"poller\" is running");
    }

    @Test
    void aVerdictIsWrittenOnce() throws Exception {
        swapped();
        judge("1.0.0", Verdict.LEAKED, "a thread");
        judge("1.0.0", Verdict.LEAKED, "another thread");
        judge("1.0.0", Verdict.COLLECTED);
        judge("1.0.0", Verdict.COLLECTED);
        awaitHistory("2 " + FILE + " COLLECTED collected 1.5 s after its release");
        fixture.crash();
        assertThat(Files.readAllLines(fixture.data("ledger")).stream().filter(line -> line.contains("\"witnessed\"")))
                .hasSize(3);
        fixture.start();
    }

    @Test
    void eachTimeThatTheSameContentGoesHasAVerdictOfItsOwn() throws Exception {
        put("1.0.0");
        put("2.0.0");
        put("1.0.0");
        put("2.0.0");
        fixture.awaitBundles(1);
        List<Long> left = fixture.unloads.left("1.0.0");
        assertThat(left).hasSize(2);
        fixture.unloads.judge(left.get(1), Verdict.COLLECTED);
        fixture.unloads.judge(left.get(0), Verdict.LEAKED);
        awaitHistory("4 " + FILE + " COLLECTED collected 1.5 s after its release\n3 " + FILE
                + " PENDING no verdict yet\n2 " + FILE + " LEAKED leaked; what holds it wasn't found");
    }

    @Test
    void whatHadNoVerdictWhenTheContainerStoppedIsToldSo() throws Exception {
        swapped();
        awaitHistory("2 " + FILE + " PENDING no verdict yet");
        fixture.crashAndStart();
        assertThat(history()).isEqualTo("2 " + FILE + " - the container stopped before a verdict");
    }

    @Test
    void aVerdictIsAwaitedByTheNextRunOfTheDeployer() throws Exception {
        swapped();
        fixture.run.close();
        fixture.startRun();
        awaitHistory("2 " + FILE + " PENDING no verdict yet");
        judge("1.0.0", Verdict.LEAKED, "a thread");
        awaitHistory("2 " + FILE + " LEAKED leaked, held by a thread");
        fixture.run.close();
        judge("1.0.0", Verdict.COLLECTED);
        fixture.startRun();
        awaitHistory("2 " + FILE + " COLLECTED collected 1.5 s after its release");
    }

    @Test
    void theBundlesOfAReleaseHaveAVerdictEach() throws Exception {
        fixture.release("1.0.0");
        fixture.release("2.0.0");
        fixture.awaitBundles(2);
        for (long bundle : fixture.unloads.left("1.0.0")) {
            fixture.unloads.judge(bundle, Verdict.COLLECTED);
        }
        awaitHistory("2 shop.zip!/auth.jar COLLECTED collected 1.5 s after its release"
                + " shop.zip!/greeting.jar COLLECTED collected 1.5 s after its release");
    }

    @Test
    void whileNobodyJudgesBundlesLeaveAllTheSameAndNothingIsSaidOfThem() throws Exception {
        fixture.run.witness().judgedNoMoreBy(fixture.unloads);
        swapped();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        assertThat(history()).isEmpty();
        fixture.run.witness().judgedBy(fixture.unloads);
        put("3.0.0");
        fixture.awaitBundles(1);
        awaitHistory("3 " + FILE + " PENDING no verdict yet");
    }

    @Test
    void whoJudgedAndStoppedLeavesNoVerdict() throws Exception {
        swapped();
        fixture.run.witness().judgedNoMoreBy(fixture.unloads);
        awaitHistory("2 " + FILE + " - the container stopped before a verdict");
    }

    @Test
    void whoJudgesInTheirPlaceKnowsNothingOfWhatTheyWereTold() throws Exception {
        swapped();
        awaitHistory("2 " + FILE + " PENDING no verdict yet");
        fixture.run.witness().judgedBy(new FakeUnloads(fixture.framework.context()));
        awaitHistory("2 " + FILE + " - the container stopped before a verdict");
    }

    @Test
    void aLedgerThatCantBeWrittenLosesTheNoteAlone() throws Exception {
        swapped();
        awaitHistory("2 " + FILE + " PENDING no verdict yet");
        fixture.closeLedger();
        judge("1.0.0", Verdict.COLLECTED);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        assertThat(history()).isEqualTo("2 " + FILE + " - the container stopped before a verdict");
    }
}

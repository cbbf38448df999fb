package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentObserver;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.testing.BundleJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What else happens while a version is being rolled out: to other files, to the version beside it, to chain and disk. */
class RolloutEdgesTest extends WithRollouts {

    private static final String ONE = "greeting-1.jar";
    private static final String TWO = "greeting-2.jar";
    private static final String FIRST = "greeting:2.0.0=100,1.0.0=9900";

    private void promote(String file) throws Exception {
        assertThat(order(() -> fixture.run.operations().promote(file)).outcome())
                .isEqualTo(RolloutOrder.Outcome.DONE);
    }

    private void abort(String file) throws Exception {
        assertThat(order(() -> fixture.run.operations().abort(file)).outcome()).isEqualTo(RolloutOrder.Outcome.DONE);
    }

    private void awaitStates(String expected) {
        eventually("states " + expected + ", not " + fixture.states(), () -> fixture.states()
                .equals(expected));
    }

    /** Both come in one batch. */
    private void putWhileDown(String file, String version, String other, String otherVersion) throws Exception {
        fixture.crash();
        middleware("greeting", version, "greeting").writeTo(fixture.file(file));
        middleware("greeting", otherVersion, "greeting").writeTo(fixture.file(other));
        fixture.start();
        fixture.settle();
    }

    private void twoFiles() throws Exception {
        put(ONE, "1.0.0");
        put(TWO, "2.0.0");
        assertThat(shares()).isEqualTo(FIRST);
    }

    @Test
    void otherContentForTheFileBesideWaitsAndBecomesStandbyWhenTheRolloutIsOver() throws Exception {
        twoFiles();
        put(ONE, "1.1.0");
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.reason(ONE)).contains("greeting 2.0.0 is being rolled out from greeting-2.jar");
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo(FIRST);
        promote(TWO);
        promote(TWO);
        awaitStates("greeting-1.jar:PUBLISHED greeting-2.jar:PUBLISHED");
        fixture.settle();
        fixture.awaitBundles(2);
        assertThat(bundle("1.1.0")).isNotNull();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        assertThat(fixture.hasMarker(ONE)).isFalse();
    }

    @Test
    void otherContentForTheFileBesideIsRolledOutItselfWhenTheOtherIsTakenBack() throws Exception {
        twoFiles();
        put(ONE, "1.1.0");
        abort(TWO);
        awaitShares("greeting:1.1.0=100,1.0.0=9900");
    }

    @Test
    void ofTwoInOneBatchTheHigherIsRolledOutBesideWhatTheOtherWouldReplace() throws Exception {
        put(ONE, "1.0.0");
        putWhileDown(ONE, "1.1.0", TWO, "2.0.0");
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.chain.shared()).doesNotContain("greeting:2.0.0=10000,1.0.0=0");
        assertThat(fixture.reason(ONE)).contains("greeting 2.0.0 is being rolled out");
        promote(TWO);
        promote(TWO);
        awaitStates("greeting-1.jar:PUBLISHED greeting-2.jar:PUBLISHED");
    }

    @Test
    void aVersionBetweenTheTwoGetsNothingWhenTheHigherIsTakenBack() throws Exception {
        put(ONE, "1.0.0");
        putWhileDown(TWO, "2.0.0", "greeting-3.jar", "3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,1.0.0=9900");
        abort("greeting-3.jar");
        awaitShares(FIRST);
        assertThat(fixture.chain.history()).noneMatch(served -> served.equals("greeting=2.0.0") && shares().isEmpty());
    }

    @Test
    void withoutStepsAndBakeBothOfABatchComeAtOnce() throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        put(ONE, "1.0.0");
        putWhileDown(ONE, "1.1.0", TWO, "2.0.0");
        awaitStates("greeting-1.jar:PUBLISHED greeting-2.jar:PUBLISHED");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void whatAHigherVersionInAnotherFileSupersedesStaysOutAndSaysSo() throws Exception {
        put(ONE, "1.0.0");
        put(ONE, "1.1.0");
        put(TWO, "2.0.0");
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.reason(ONE)).contains("greeting 2.0.0 (greeting-2.jar) has come");
        assertThat(fixture.hasMarker(ONE)).isTrue();
        assertThat(fixture.run.view().alarms()).isEmpty();
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.reason(ONE)).contains("greeting 2.0.0 (greeting-2.jar) has come");
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void aFileThatIsNotTheServingOneTakesItsRequestsLittleByLittleToo() throws Exception {
        twoFiles();
        promote(TWO);
        promote(TWO);
        put(ONE, "3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,2.0.0=9900");
    }

    @Test
    void newerContentOfWhichTheWayIsUnclearEndsNothing() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.rollOutByWhoKnows();
        put("3.0.0");
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.reason(FILE)).contains("the file has a mistake in it");
    }

    @Test
    void newerContentMayHaveTheVersionOfWhatStaysBeside() throws Exception {
        put("1.0.0");
        put("2.0.0");
        middleware("greeting", "1.0.0", "greeting").header("Note", "other").writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(shares()).isEqualTo("greeting:1.0.0=100,1.0.0=9900");
    }

    @Test
    void killedWhileTheFileBesideIsRenamed() throws Exception {
        twoFiles();
        LedgerRecord.RollingOut record = ledger().rollouts().get(TWO);
        fixture.crash();
        Files.move(fixture.file(ONE), fixture.file("one.jar"));
        append(record.renamed(ONE, "one.jar"));
        fixture.start();
        assertThat(fixture.chain.shared()).containsExactly(FIRST);
        assertThat(fixture.run.rollouts())
                .singleElement()
                .satisfies(view -> assertThat(view.from().file()).isEqualTo("one.jar"));
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo(FIRST);
    }

    @Test
    void killedWhileTheCandidatesFileIsRenamed() throws Exception {
        put("1.0.0");
        put("2.0.0");
        LedgerRecord.RollingOut record = ledger().rollouts().get(FILE);
        fixture.crash();
        Files.move(fixture.file(FILE), fixture.file("renamed.jar"));
        append(record.renamed(FILE, "renamed.jar"));
        fixture.start();
        assertThat(fixture.chain.shared()).containsExactly(FIRST);
        eventually("it has its new name", () -> ledger().rollouts().keySet().equals(Set.of("renamed.jar")));
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo(FIRST);
    }

    private void append(LedgerRecord record) throws Exception {
        try (Ledger ledger = Ledger.open(fixture.data("ledger"), () -> HistoryLimits.DEFAULT, warning -> {
            throw new AssertionError(warning);
        })) {
            ledger.append(record);
        }
    }

    @Test
    void aFileDeletedWhileTheContainerIsDownTakesBothWithIt() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.crash();
        fixture.delete(FILE);
        fixture.start();
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("greeting="));
        assertThat(ledger().published()).isEmpty();
        assertThat(ledger().rollouts()).isEmpty();
        assertThat(fixture.run.rollouts()).isEmpty();
        assertThat(lastPublication().summary()).isEqualTo("remove greeting.jar");
        fixture.awaitBundles(0);
    }

    @Test
    void theFileBesideDeletedWhileTheContainerIsDownLeavesAllToTheCandidate() throws Exception {
        twoFiles();
        fixture.crash();
        fixture.delete(ONE);
        fixture.start();
        fixture.settle();
        awaitShares("");
        awaitStates("greeting-2.jar:PUBLISHED");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        assertThat(ledger().rollouts()).isEmpty();
    }

    @Test
    void whatAnOperatorHasAbortedStaysOutUntilAskedForAgain() throws Exception {
        put("1.0.0");
        put("2.0.0");
        abort(FILE);
        fixture.run.standardsMayHaveChanged();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
        assertThat(fixture.reason(FILE)).contains("operator admin has ended it");
        assertThat(fixture.marker(FILE)).contains("operator admin has ended it");
        assertThat(fixture.run.view().alarms()).as("he knows").isEmpty();
        try (Operator.Mark mark = Operator.mark("admin")) {
            assertThat(fixture.run
                            .operations()
                            .rollForward(FILE)
                            .get(20, TimeUnit.SECONDS)
                            .outcome())
                    .isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        }
        awaitShares(FIRST);
    }

    @Test
    void oneWhoseNeighbourHasTrippedBakesUntilThereIsSomethingToGoBackTo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.trip(bundle("1.0.0").getBundleId(), TRIP);
        awaitShares("greeting:2.0.0=10000,1.0.0=0");
        requests("2.0.0", 400, 120);
        pass(Duration.ofSeconds(31));
        eventually("it says why it stands still", () -> fixture.run.rollouts().stream()
                .anyMatch(view -> view.phase() == RolloutView.Phase.BAKE
                        && view.waitingFor().contains("has tripped, so there is nothing to go back to")));
        assertThat(shares()).isEqualTo("greeting:2.0.0=10000,1.0.0=0");
        fixture.chain.resetTrip(bundle("1.0.0").getBundleId());
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
    }

    @Test
    void aCandidateThatIsAwayLetsTheOldOneNotLeave() throws Exception {
        put("1.0.0");
        put("2.0.0");
        promote(FILE);
        bundle("2.0.0").stop();
        pass(Duration.ofSeconds(31));
        looked();
        assertThat(fixture.run.rollouts()).singleElement().satisfies(view -> assertThat(view.waitingFor())
                .contains("is away"));
        assertThat(bundle("1.0.0").getState()).isEqualTo(org.osgi.framework.Bundle.ACTIVE);
        bundle("2.0.0").start();
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
        fixture.awaitBundles(1);
    }

    @Test
    void underARuleARolloutOfOneFileStandsStill() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.rule(RULE);
        goodStep("2.0.0", "1.0.0");
        looked();
        assertThat(fixture.run.rollouts()).singleElement().satisfies(view -> {
            assertThat(view.share()).isEqualTo(1.0);
            assertThat(view.waitingFor()).contains("a traffic rule decides");
        });
        promote(FILE);
        promote(FILE);
        fixture.awaitBundles(1);
    }

    @Test
    void whatWasTakenBackDoesNotBarALowerVersionThatMendsIt() throws Exception {
        fixture.verifyBy(new IntegrityPolicy(
                Presence.IF_PRESENT, Presence.OFF, true, Set.of(), Set.of(), Duration.ofSeconds(30)));
        put("1.0.0");
        put("2.0.0");
        abort(FILE);
        put("1.5.0");
        assertThat(shares()).isEqualTo("greeting:1.5.0=100,1.0.0=9900");
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo("greeting:1.5.0=100,1.0.0=9900");
        promote(FILE);
        promote(FILE);
        put("1.4.0");
        assertThat(fixture.reason(FILE)).contains("1.5.0 was published before");
    }

    @Test
    void aChainThatIsAwayDelaysAStepAndSaysSo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.away(true);
        goodStep("2.0.0", "1.0.0");
        eventually("an alarm", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("The rollout of greeting.jar doesn't go on")));
        fixture.chain.away(false);
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        eventually("no alarm", () -> fixture.run.view().alarms().isEmpty());
    }

    @Test
    void aChainThatIsAwayDelaysATakeBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        takenBackWhileTheChainIsAway(FILE);
    }

    @Test
    void aChainThatIsAwayDelaysTheTakeBackOfOneOfTwoFiles() throws Exception {
        twoFiles();
        takenBackWhileTheChainIsAway(TWO);
    }

    private void takenBackWhileTheChainIsAway(String file) {
        looked();
        fixture.chain.away(true);
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        eventually("an alarm", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("doesn't go on")));
        fixture.chain.away(false);
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.run.operations().history(10).stream()
                        .filter(one -> one.summary().startsWith("take " + file + " back"))
                        .count())
                .isEqualTo(1);
    }

    @Test
    void whatTheChainDoesNotTakeIsWrittenDownOnceHoweverOftenItIsTried() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.away(true);
        goodStep("2.0.0", "1.0.0");
        assertWrittenOnce();
        fixture.chain.away(false);
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        fixture.chain.away(true);
        order(() -> fixture.run.operations().abort(FILE));
        assertWrittenOnce();
        fixture.chain.away(false);
        awaitShares("");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void theEndOfARolloutOfTwoFilesIsWrittenDownOnceToo() throws Exception {
        twoFiles();
        promote(TWO);
        fixture.chain.away(true);
        order(() -> fixture.run.operations().promote(TWO));
        assertWrittenOnce();
        fixture.chain.away(false);
        awaitShares("");
        assertThat(fixture.run.operations().history(10).stream()
                        .filter(one -> one.summary().contains("is over"))
                        .count())
                .isEqualTo(1);
    }

    private void assertWrittenOnce() throws Exception {
        eventually("an alarm", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("doesn't go on")));
        long size = Files.size(fixture.data("ledger"));
        long tries = fixture.chain.refused();
        eventually("it is tried again and again", () -> fixture.chain.refused() >= tries + 5);
        assertThat(Files.size(fixture.data("ledger"))).isEqualTo(size);
    }

    @Test
    void anOrderThatTheChainDoesNotTakeYetIsCarriedOutLater() throws Exception {
        twoFiles();
        fixture.chain.away(true);
        assertThat(order(() -> fixture.run.operations().promote(TWO)).outcome())
                .isEqualTo(RolloutOrder.Outcome.DELAYED);
        fixture.chain.away(false);
        awaitShares("greeting:2.0.0=10000,1.0.0=0");
        eventually("no alarm", () -> fixture.run.view().alarms().isEmpty());
    }

    @Test
    void theHistoryTellsHowARolloutBeganAndEnded() throws Exception {
        twoFiles();
        assertThat(lastPublication().summary())
                .isEqualTo("deploy greeting-2.jar; roll greeting-2.jar out beside greeting 1.0.0");
        promote(TWO);
        pass(Duration.ofSeconds(31));
        awaitShares("");
        eventually("it is told", () -> lastPublication().cause().equals(Optional.of(Cause.ROLLOUT)));
        assertThat(lastPublication().summary()).isEqualTo("the rollout of greeting 2.0.0 (greeting-2.jar) is over");
        put(TWO, "3.0.0");
        promote(TWO);
        promote(TWO);
        assertThat(lastPublication().cause()).contains(Cause.OPERATOR);
        assertThat(lastPublication().summary()).isEqualTo("the rollout of greeting 3.0.0 (greeting-2.jar) is over");
    }

    @Test
    void aRollBackIsToldAsTheOperators() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            fixture.run.operations().rollBack(FILE, "1.0.0").get(20, TimeUnit.SECONDS);
        }
        assertThat(lastPublication().cause()).contains(Cause.OPERATOR);
        assertThat(lastPublication().summary()).contains("operator admin has rolled the file back");
    }

    @Test
    void theFileBesideIsNotRolledBackMeanwhile() throws Exception {
        put(ONE, "0.9.0");
        fixture.rollOutBy(Map.of("bake", "0s"));
        put(ONE, "1.0.0");
        fixture.rollOutBy(IN_STEPS);
        put(TWO, "2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            RollBack answer = fixture.run.operations().rollBack(ONE, "0.9.0").get(20, TimeUnit.SECONDS);
            assertThat(answer.outcome()).isEqualTo(RollBack.Outcome.REFUSED);
            assertThat(answer.message()).contains("promote or abort that rollout first");
        }
        assertThat(shares()).isEqualTo(FIRST);
    }

    @Test
    void anUninstalledOldVersionLeavesNothingInTheFolder() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            bundle("1.0.0").uninstall();
        }
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
        fixture.awaitBundles(1);
        try (Stream<Path> files = Files.list(fixture.deploy())) {
            assertThat(files.map(path -> path.getFileName().toString())).noneMatch(name -> name.contains("#"));
        }
    }

    @Test
    void itGoesOnByItsPolicyWhenThatIsGone() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.rollOutByWhoKnows();
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo(FIRST);
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
    }

    @Test
    void whatStaysBesideIsKeptHoweverLittleOfThePastIs() throws Exception {
        fixture.keep(new HistoryLimits(10, 1, 1));
        put("1.0.0");
        for (int version = 2; version < 6; version++) {
            put(version + ".0.0");
        }
        fixture.crashAndStart();
        put("6.0.0");
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo("greeting:6.0.0=100,1.0.0=9900");
    }

    @Test
    void observersHearThatARolloutIsOverAsItsFileHasGone() throws Exception {
        List<RolloutEvent> heard = new CopyOnWriteArrayList<>();
        fixture.framework.context().registerService(DeploymentObserver.class, heard::add, null);
        put("1.0.0");
        put("2.0.0");
        fixture.delete(FILE);
        fixture.settle();
        eventually("it is told", () -> heard.stream().anyMatch(event -> event.kind() == RolloutEvent.Kind.GONE));
        assertThat(heard.get(heard.size() - 1).rollout().file()).isEqualTo(FILE);
    }

    @Test
    void aHigherVersionWithOtherMiddlewareTakesRequestsFromNobody() throws Exception {
        put(ONE, "1.0.0");
        middleware("greeting", "2.0.0", "farewell").writeTo(fixture.file(TWO));
        fixture.settle();
        assertThat(fixture.run.rollouts()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("farewell=2.0.0 greeting=1.0.0");
    }

    @Test
    void ofTwoVersionsWithMoreThanOneMiddlewareAllAreJudged() throws Exception {
        both("1.0.0", "greeting", "farewell").writeTo(fixture.file(ONE));
        fixture.settle();
        both("2.0.0", "greeting", "welcome").writeTo(fixture.file(TWO));
        fixture.settle();
        assertThat(shares()).isEqualTo(FIRST);
        assertThat(fixture.run.rollouts()).singleElement().satisfies(view -> assertThat(view.middleware())
                .containsExactly("greeting", "welcome"));
        assertThat(fixture.chain.serving()).isEqualTo("farewell=1.0.0 greeting=2.0.0 welcome=2.0.0");
        abort(TWO);
        assertThat(fixture.chain.serving()).isEqualTo("farewell=1.0.0 greeting=1.0.0");
    }

    private static BundleJar both(String version, String one, String other) {
        return new BundleJar("greeting", version)
                .activator("register(\"" + one + "\"); register(\"" + other + "\");", "");
    }
}

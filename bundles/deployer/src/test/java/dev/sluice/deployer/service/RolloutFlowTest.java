package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.chain.Trip;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentObserver;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;

/** A new version gets its requests little by little, and is taken back if it does worse. */
class RolloutFlowTest extends WithRollouts {

    @Test
    void aGoodVersionGetsMoreStepByStepAndTheOldOneLeavesAfterTheBake() throws Exception {
        put("1.0.0");
        assertThat(fixture.run.rollouts()).as("it takes requests from nobody").isEmpty();
        put("2.0.0");
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
        assertThat(bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(fixture.run.view().deployments()).anySatisfy(view -> assertThat(view.reason())
                .contains("stays beside greeting.jar until its rollout is over"));
        assertThat(fixture.run.rollouts()).singleElement().satisfies(view -> {
            assertThat(view.file()).isEqualTo(FILE);
            assertThat(view.middleware()).containsExactly("greeting");
            assertThat(view.from().version()).isEqualTo("1.0.0");
            assertThat(view.to().version()).isEqualTo("2.0.0");
            assertThat(view.share()).isEqualTo(1.0);
            assertThat(view.step()).isEqualTo(1);
            assertThat(view.steps()).isEqualTo(3);
        });
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        assertThat(kept().orElseThrow().progress().step()).isEqualTo(1);
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=10000,1.0.0=0");
        assertThat(fixture.run.rollouts().get(0).phase()).isEqualTo(RolloutView.Phase.BAKE);
        assertThat(fixture.run.rollouts().get(0).finished()).hasSize(2);
        assertThat(bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
        pass(Duration.ofSeconds(31));
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        eventually("it isn't shown any more", () -> fixture.run.rollouts().isEmpty());
        assertThat(kept()).isEmpty();
        assertThat(fixture.run.parts.ledger().state().published()).containsOnlyKeys(FILE);
    }

    @Test
    void aBadVersionIsTakenBackAndItsFileSaysWhyAlsoAfterARestart() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.chain.shared()).doesNotContain("greeting:2.0.0=10000,1.0.0=0");
        eventually("it is marked", () -> fixture.hasMarker(FILE));
        assertThat(fixture.marker(FILE))
                .contains("the content before serves on", "its rollout was taken back", "\"greeting\"", "30");
        assertThat(fixture.reason(FILE)).contains("copy the file again");
        assertThat(fixture.run.view().alarms()).anyMatch(alarm -> alarm.contains("its rollout was taken back"));
        assertThat(fixture.run.operations().history(1).get(0).cause()).contains(Cause.ROLLOUT);
        assertThat(fixture.in(FILE, DeploymentState.PUBLISHED).orElseThrow().version())
                .contains("1.0.0");

        Instant since = fixture.in(FILE, DeploymentState.FAILED).orElseThrow().since();
        String marker = fixture.marker(FILE);
        fixture.crashAndStart();
        assertThat(fixture.in(FILE, DeploymentState.FAILED).orElseThrow().since())
                .isEqualTo(since);
        assertThat(fixture.marker(FILE)).isEqualTo(marker);
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.reason(FILE)).contains("its rollout was taken back");
        assertThat(fixture.run.view().alarms()).anyMatch(alarm -> alarm.contains("its rollout was taken back"));

        put("3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,1.0.0=9900");
        assertThat(fixture.hasMarker(FILE)).isFalse();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void copyingWhatWasTakenBackOnceMoreRollsItOutOnceMore() throws Exception {
        put("1.0.0");
        put("2.0.0");
        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        Files.write(fixture.file(FILE), content);
        eventually("it is tried again", () -> {
            try {
                fixture.settle();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return shares().equals("greeting:2.0.0=100,1.0.0=9900");
        });
    }

    @Test
    void whatWasTakenBackIsForgivenWhenItsFileIsDeletedWhileTheContainerIsDown() throws Exception {
        put("1.0.0");
        put("2.0.0");
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        fixture.crash();
        fixture.delete(FILE);
        fixture.start();
        try (Stream<Path> trials = Files.list(fixture.data("trials"))) {
            assertThat(trials).isEmpty();
        }
        Files.write(fixture.file(FILE), content);
        fixture.settle();
        eventually("it serves", () -> fixture.chain.serving().equals("greeting=2.0.0"));
        assertThat(fixture.hasMarker(FILE)).isFalse();
    }

    @Test
    void whatWasTakenBackIsForgivenWhateverStillNeedsTheContentBefore() throws Exception {
        put("1.0.0");
        put("2.0.0");
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        fixture.crash();
        fixture.delete(FILE);
        // It may succeed the other, which is brought back first, then.
        middleware("greeting", "1.5.0", "greeting").writeTo(fixture.file("other.jar"));
        fixture.start();
        fixture.settle();
        eventually("it has gone", () -> fixture.states().equals("other.jar:PUBLISHED"));
        Files.write(fixture.file(FILE), content);
        fixture.settle();
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.5.0=9900");
    }

    @Test
    void theStandardPolicyPublishesWholeAndTakesBackWhatFailsOutrightInTheBake() throws Exception {
        fixture.rollOutBy(Map.of());
        put("1.0.0");
        put("2.0.0");
        assertThat(shares()).isEqualTo("greeting:2.0.0=10000,1.0.0=0");
        looked();
        requests("2.0.0", 400, 120);
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void withoutStepsAndBakeTheOldOneLeavesWithThePublish() throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        put("1.0.0");
        put("2.0.0");
        assertThat(fixture.chain.shared()).containsOnly("");
        fixture.awaitBundles(1);
    }

    @Test
    void aRuleThatComesIntoForceEndsTheRolloutOfTwoFiles() throws Exception {
        put("greeting-1.jar", "1.0.0");
        put("greeting-2.jar", "2.0.0");
        fixture.chain.rule(RULE);
        awaitShares("");
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
        assertThat(fixture.states()).isEqualTo("greeting-1.jar:PUBLISHED greeting-2.jar:PUBLISHED");
    }

    @Test
    void whereAnOperatorsRuleStandsTheRuleDecides() throws Exception {
        fixture.chain.rule(RULE);
        put("1.0.0");
        put("2.0.0");
        assertThat(fixture.run.rollouts()).isEmpty();
        fixture.awaitBundles(1);
    }

    @Test
    void ofAnUnclearPolicyTheCandidateWaits() throws Exception {
        put("1.0.0");
        fixture.rollOutByWhoKnows();
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.reason(FILE)).contains("the file has a mistake in it");
    }

    @Test
    void aHigherVersionInAnotherFileIsRolledOutAndTheLowerBecomesStandby() throws Exception {
        put("greeting-1.jar", "1.0.0");
        put("greeting-2.jar", "2.0.0");
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=10000,1.0.0=0");
        pass(Duration.ofSeconds(31));
        awaitShares("");
        assertThat(bundle("1.0.0").getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(fixture.states()).isEqualTo("greeting-1.jar:PUBLISHED greeting-2.jar:PUBLISHED");
    }

    @Test
    void aHigherVersionInAnotherFileIsTakenBack() throws Exception {
        put("greeting-1.jar", "1.0.0");
        put("greeting-2.jar", "2.0.0");
        looked();
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        awaitShares("");
        eventually(
                "it has failed",
                () -> fixture.states().equals("greeting-1.jar:PUBLISHED greeting-2.jar:FAILED")
                        && fixture.hasMarker("greeting-2.jar"));
        assertThat(fixture.marker("greeting-2.jar")).contains("is not deployed.", "its rollout was taken back");
        fixture.crashAndStart();
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
        assertThat(fixture.states()).isEqualTo("greeting-1.jar:PUBLISHED greeting-2.jar:FAILED");
    }

    @Test
    void aLowerVersionInAnotherFileIsAStandbyAndNoRollout() throws Exception {
        put("greeting-2.jar", "2.0.0");
        put("greeting-1.jar", "1.0.0");
        assertThat(shares()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void newerContentBeginsAtTheFirstStepBesideTheSameOldOne() throws Exception {
        put("1.0.0");
        put("2.0.0");
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        put("3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,1.0.0=9900");
        fixture.awaitBundles(2);
        assertThat(fixture.hasMarker(FILE)).isFalse();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void newerContentInTheBakeIsJudgedAgainstTheOneThatBakes() throws Exception {
        fixture.rollOutBy(Map.of());
        put("1.0.0");
        put("2.0.0");
        fixture.rollOutBy(IN_STEPS);
        put("3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,2.0.0=9900");
        fixture.awaitBundles(2);
    }

    @Test
    void newerContentThatDoesNotComeUpEndsNoRollout() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.write(fixture.file(FILE), new byte[] {'P', 'K', 3, 4});
        fixture.settle();
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
    }

    @Test
    void theSameVersionWithOtherContentIsRolledOutToo() throws Exception {
        put("1.0.0");
        middleware("greeting", "1.0.0", "greeting")
                .header("Note", "other content")
                .writeTo(fixture.file(FILE));
        fixture.settle();
        assertThat(shares()).isEqualTo("greeting:1.0.0=100,1.0.0=9900");
    }

    @Test
    void theOldContentPutBackEndsTheRollout() throws Exception {
        put("1.0.0");
        byte[] old = Files.readAllBytes(fixture.file(FILE));
        put("2.0.0");
        Files.write(fixture.file(FILE), old);
        fixture.settle();
        awaitShares("");
        fixture.awaitBundles(1);
        eventually("the rest is gone", () -> fixture.states().equals("greeting.jar:PUBLISHED"));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.hasMarker(FILE)).isFalse();
    }

    @Test
    void aDeletedFileTakesBothAway() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.delete(FILE);
        fixture.settle();
        eventually("all is gone", () -> fixture.chain.serving().isEmpty());
        fixture.awaitBundles(0);
        assertThat(fixture.run.rollouts()).isEmpty();
        assertThat(kept()).isEmpty();
    }

    @Test
    void aRenamedFileTakesItsRolloutWithIt() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.move(fixture.file(FILE), fixture.file("renamed.jar"));
        fixture.settle();
        eventually("it has the other name", () -> fixture.run.rollouts().stream()
                .anyMatch(view -> view.file().equals("renamed.jar")));
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
    }

    @Test
    void aTrippedCandidateIsTakenBackAtOnce() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.trip("greeting", new Trip(Instant.EPOCH, 10, 9, Duration.ofSeconds(1)));
        awaitShares("");
        assertThat(fixture.run.operations().history(1).get(0).cause()).contains(Cause.TRIP);
        eventually("it is marked", () -> fixture.hasMarker(FILE));
        assertThat(fixture.marker(FILE)).contains("has tripped");
    }

    @Test
    void anOperatorWhoStopsTheCandidateTakesItBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            bundle("2.0.0").stop();
        }
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        eventually(
                "it has failed", () -> fixture.in(FILE, DeploymentState.FAILED).isPresent());
        assertThat(fixture.reason(FILE)).contains("operator admin has stopped greeting 2.0.0");
    }

    @Test
    void anOperatorWhoUninstallsTheOldOneLeavesAllToTheCandidate() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            bundle("1.0.0").uninstall();
        }
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
        fixture.awaitBundles(1);
        assertThat(fixture.run.parts.ledger().state().published()).containsOnlyKeys(FILE);
    }

    @Test
    void aRollBackByHandEndsTheRolloutAndIsItselfNone() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            assertThat(fixture.run
                            .operations()
                            .rollBack("greeting", "1.0.0")
                            .get(20, TimeUnit.SECONDS)
                            .isDone())
                    .isTrue();
        }
        assertThat(shares()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        fixture.awaitBundles(1);
        assertThat(fixture.run.rollouts()).isEmpty();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void anOperatorPausesResumesPromotesAndAborts() throws Exception {
        put("1.0.0");
        put("2.0.0");
        assertThat(order(() -> fixture.run.operations().pause("nothing")).outcome())
                .isEqualTo(RolloutOrder.Outcome.UNKNOWN);
        assertThat(order(() -> fixture.run.operations().pause("greeting")).isDone())
                .isTrue();
        assertThat(order(() -> fixture.run.operations().pause(FILE)).outcome()).isEqualTo(RolloutOrder.Outcome.REFUSED);
        assertThat(fixture.run.view().alarms()).anyMatch(alarm -> alarm.contains("is paused at 1 %"));
        goodStep("2.0.0", "1.0.0");
        looked();
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
        fixture.crashAndStart();
        assertThat(fixture.run.rollouts().get(0).phase()).isEqualTo(RolloutView.Phase.STEP_PAUSED);
        assertThat(fixture.run.view().alarms()).anyMatch(alarm -> alarm.contains("is paused at 1 %"));
        assertThat(order(() -> fixture.run.operations().resume(FILE)).isDone()).isTrue();
        assertThat(fixture.run.view().alarms()).isEmpty();
        assertThat(order(() -> fixture.run.operations().promote(FILE)).isDone()).isTrue();
        assertThat(shares()).isEqualTo("greeting:2.0.0=10000,1.0.0=0");
        assertThat(order(() -> fixture.run.operations().abort(FILE)).isDone()).isTrue();
        assertThat(shares()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.run.operations().history(1).get(0).cause()).contains(Cause.OPERATOR);
        assertThat(fixture.reason(FILE)).contains("operator admin has ended it");
    }

    @Test
    void observersHearOfEachEdgeAndABadOneHurtsNobody() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        List<RolloutEvent.Kind> heard = new CopyOnWriteArrayList<>();
        register(event -> {
            throw new AssertionError("bad");
        });
        register(event -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        register(event -> heard.add(event.kind()));
        put("1.0.0");
        put("2.0.0");
        order(() -> fixture.run.operations().pause(FILE));
        order(() -> fixture.run.operations().resume(FILE));
        order(() -> fixture.run.operations().promote(FILE));
        order(() -> fixture.run.operations().abort(FILE));
        eventually("all is heard, not " + heard, () -> heard.size() == 5);
        assertThat(heard)
                .containsExactly(
                        RolloutEvent.Kind.BEGUN,
                        RolloutEvent.Kind.PAUSED,
                        RolloutEvent.Kind.RESUMED,
                        RolloutEvent.Kind.SHARED,
                        RolloutEvent.Kind.TAKEN_BACK);
        never.countDown();
    }

    private void register(DeploymentObserver observer) {
        fixture.framework.context().registerService(DeploymentObserver.class, observer, null);
    }

    @Test
    void aRestartGoesOnAtTheSameStep() throws Exception {
        put("1.0.0");
        put("2.0.0");
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
        fixture.crashAndStart();
        assertThat(fixture.chain.shared()).containsExactly("greeting:2.0.0=5000,1.0.0=5000");
        assertThat(fixture.run.rollouts().get(0).finished()).hasSize(1);
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=10000,1.0.0=0");
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo("greeting:2.0.0=10000,1.0.0=0");
        pass(Duration.ofSeconds(31));
        awaitShares("");
        fixture.awaitBundles(1);
        fixture.crashAndStart();
        assertThat(shares()).isEmpty();
        assertThat(fixture.states()).isEqualTo("greeting.jar:PUBLISHED");
    }

    @Test
    void aDeployerThatComesBackTakesTheRolloutUp() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.run.close();
        fixture.startRun();
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");
        assertThat(fixture.run.rollouts()).hasSize(1);
        fixture.awaitBundles(2);
        goodStep("2.0.0", "1.0.0");
        awaitShares("greeting:2.0.0=5000,1.0.0=5000");
    }

    @Test
    void aLedgerThatCannotBeWrittenLeavesTheBadOneWithoutRequests() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        fixture.closeLedger();
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        awaitShares("greeting:2.0.0=0,1.0.0=10000");
        // Its requests are gone first.
        eventually("it is an alarm", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("the ledger can't be written")));
    }

    @Test
    void aCopyOfWhatStaysBesideWaitsForItAsItsDuplicate() throws Exception {
        put("1.0.0");
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        put("2.0.0");
        Files.write(fixture.file("copy.jar"), content);
        fixture.settle();
        assertThat(fixture.in("copy.jar", DeploymentState.DUPLICATE).flatMap(DeploymentView::reason))
                .contains("same content as greeting.jar had before, which stays beside until the rollout is over");
        assertThat(shares()).isEqualTo("greeting:2.0.0=100,1.0.0=9900");

        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        // It is looked at anew, now that there is nothing beside which it would stay.
        eventually("it is the duplicate of what serves", () -> fixture.in("copy.jar", DeploymentState.DUPLICATE)
                .flatMap(DeploymentView::reason)
                .equals(Optional.of("same content as greeting.jar")));
    }

    @Test
    void aCopyOfWhatStayedBesideStandsByWhenTheRolloutIsOver() throws Exception {
        put("1.0.0");
        byte[] content = Files.readAllBytes(fixture.file(FILE));
        put("2.0.0");
        Files.write(fixture.file("copy.jar"), content);
        fixture.settle();
        order(() -> fixture.run.operations().promote(FILE));
        pass(Duration.ofSeconds(31));
        eventually("the copy is published", () -> fixture.in("copy.jar", DeploymentState.PUBLISHED)
                .isPresent());
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
    }

    @Test
    void aCopyOfWhatWasTakenBackIsNotTriedUnderAnotherName() throws Exception {
        put("1.0.0");
        put("2.0.0");
        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        Files.copy(fixture.file(FILE), fixture.file("copy.jar"));
        fixture.settle();
        assertThat(fixture.states()).isEqualTo("copy.jar:FAILED greeting.jar:PUBLISHED greeting.jar:FAILED");
    }

    @Test
    void aCopyThatWaitedBehindWhatIsTakenBackIsNotTriedInItsPlaceEither() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.copy(fixture.file(FILE), fixture.file("copy.jar"));
        fixture.settle();
        assertThat(fixture.in("copy.jar", DeploymentState.DUPLICATE).flatMap(DeploymentView::reason))
                .contains("same content as greeting.jar");
        order(() -> fixture.run.operations().abort(FILE));
        awaitShares("");
        String states = "copy.jar:FAILED greeting.jar:PUBLISHED greeting.jar:FAILED";
        eventually("it has failed, too", () -> fixture.states().equals(states));
        assertThat(fixture.reason("copy.jar")).contains("its rollout was taken back: operator admin has ended it");
        fixture.crashAndStart();
        eventually("that is so after a restart", () -> fixture.states().equals(states));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }
}

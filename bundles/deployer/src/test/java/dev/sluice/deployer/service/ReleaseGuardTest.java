package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A release that fails outright is taken back by itself, as one. */
class ReleaseGuardTest extends WithReleases {

    @Test
    void asOneAndSaysWhy() throws Exception {
        put("1.0.0");
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        int changes = fixture.chain.history().size();
        looked();
        request("auth", "2.0.0", 400, 0, 0);
        request("greeting", "2.0.0", 400, 120, 0);

        awaitServing(OLD);

        assertThat(fixture.chain
                        .history()
                        .subList(changes, fixture.chain.history().size()))
                .as("no mix")
                .allMatch(served -> served.equals(NEW) || served.equals(OLD));
        PublicationView last = fixture.run.operations().history(1).get(0);
        assertThat(last.cause()).contains(Cause.ROLLOUT);
        assertThat(last.summary())
                .isEqualTo("take shop.zip back to shop 1.0.0: \"greeting\": 30 % of 400 requests failed by its own"
                        + " fault; up to 5 % is tolerated");
        assertThat(fixture.run.view().alarms())
                .anyMatch(alarm -> alarm.startsWith("shop.zip: its release was taken back: \"greeting\": 30 %"));
        assertThat(Files.readString(fixture.file("shop.zip.rolledback")))
                .contains("shop 1.0.0", "by the container itself, as it failed outright, at");
        assertThat(fixture.chain.watched()).isEmpty();
        fixture.awaitBundles(2);
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
    }

    @Test
    void alsoWhenItAnswersAllWithErrorsOfItsOwn() throws Exception {
        put("1.0.0");
        request("auth", "1.0.0", 400, 0, 0);
        put("2.0.0");
        looked();
        request("auth", "2.0.0", 400, 0, 400);
        awaitServing(OLD);
        assertThat(fixture.run.operations().history(1).get(0).summary()).contains("a server error of its own");
    }

    @Test
    void butNotIfTheOneBeforeHasBegunToDoSoToo() throws Exception {
        put("1.0.0");
        request("auth", "1.0.0", 1_000_000, 0, 0);
        noted();
        request("auth", "1.0.0", 400, 0, 400);
        noted();
        put("2.0.0");
        looked();
        request("auth", "2.0.0", 400, 0, 400);
        looked();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    @Test
    void unlessTheOneBeforeDoesNotComeUpAnyMore() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.refuse("auth");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        eventually("it is said", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm ->
                        alarm.startsWith("shop.zip fails outright, and couldn't be taken back: \"greeting\"")));
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(Files.exists(fixture.file("shop.zip.rolledback"))).isFalse();
    }

    @Test
    void untilAnOperatorAsksForItOnceMore() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
        RollBack refused = order(true);
        assertThat(refused.outcome()).isEqualTo(RollBack.Outcome.REFUSED);
        assertThat(refused.message()).contains("its release was taken back");
        assertThat(order(false).outcome()).isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        awaitServing(NEW);
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    @Test
    void butNotAfterTheBake() throws Exception {
        put("1.0.0");
        put("2.0.0");
        assertThat(fixture.chain.watched()).hasSize(2);
        looked();
        fixture.nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        eventually("it is over", () -> fixture.chain.watched().isEmpty());
        request("greeting", "2.0.0", 400, 400, 0);
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    @Test
    void andNotTheFirstOneNorWithoutABake() throws Exception {
        put("1.0.0");
        assertThat(fixture.chain.watched()).isEmpty();
        fixture.rollOutBy(Map.of("bake", "0s"));
        put("2.0.0");
        assertThat(fixture.chain.watched()).isEmpty();
    }

    @Test
    void andTheNextOneIsWatchedInItsPlace() throws Exception {
        put("1.0.0");
        put("2.0.0");
        put("3.0.0");
        assertThat(fixture.chain.watched())
                .containsExactlyInAnyOrder(
                        fixture.framework.bundle("auth", "3.0.0").getBundleId(),
                        fixture.framework.bundle("greeting", "3.0.0").getBundleId());
        looked();
        request("greeting", "3.0.0", 400, 120, 0);
        awaitServing(NEW);
    }

    @Test
    void atOnceIfItTrips() throws Exception {
        put("1.0.0");
        put("2.0.0");
        fixture.chain.trip(fixture.framework.bundle("auth", "2.0.0").getBundleId(), WithRollouts.TRIP);
        awaitServing(OLD);
        PublicationView last = fixture.run.operations().history(1).get(0);
        assertThat(last.cause()).contains(Cause.TRIP);
        assertThat(last.summary()).contains("middleware auth has tripped");
    }

    @Test
    void alsoByWhatItDoesBeforeTheFirstLook() throws Exception {
        fixture.looks = Duration.ofHours(1);
        fixture.crashAndStart();
        put("1.0.0");
        put("2.0.0");
        request("greeting", "2.0.0", 120, 120, 0);
        fixture.run.look();
        awaitServing(OLD);
    }

    @Test
    void alsoWhenOtherContentIsOnItsWayAndFails() throws Exception {
        put("1.0.0");
        put("2.0.0");
        System.clearProperty("other.end");
        ReleaseZip.of("shop", "3.0.0")
                .bundle(
                        "auth.jar",
                        new BundleJar("auth", "3.0.0")
                                .declares("auth")
                                .activator(
                                        "System.setProperty(\"other.begun\", \"\");"
                                                + " while (System.getProperty(\"other.end\") == null) Thread.sleep(5);"
                                                + " throw new IllegalStateException(\"no\");",
                                        ""))
                .writeTo(fixture.file("shop.zip"));
        try {
            eventually("it is tried", () -> System.getProperty("other.begun") != null);
            looked();
            request("greeting", "2.0.0", 400, 120, 0);
            long looks = fixture.chain.looks();
            eventually("it is found", () -> fixture.chain.looks() > looks);
            assertThat(fixture.chain.serving()).isEqualTo(NEW);
        } finally {
            System.setProperty("other.end", "");
        }
        awaitServing(OLD);
        System.clearProperty("other.begun");
        System.clearProperty("other.end");
        assertThat(fixture.run.operations().history(1).get(0).summary()).contains("take shop.zip back to shop 1.0.0");
        assertThat(fixture.reason("shop.zip")).contains("no");
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void alsoIfASecondFileHasItsBytesWhichDoesNotBringThemBack() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.copy(fixture.file("shop.zip"), fixture.file("copy.zip"));
        fixture.settle();
        assertThat(fixture.in("copy.zip", DeploymentState.DUPLICATE)).isPresent();
        looked();
        request("greeting", "2.0.0", 400, 120, 0);

        awaitServing(OLD);

        eventually("it has failed", () -> fixture.in("copy.zip", DeploymentState.FAILED)
                .isPresent());
        assertThat(fixture.reason("copy.zip")).contains("its release was taken back");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0"));
    }

    @Test
    void alsoUnderAnotherName() throws Exception {
        put("1.0.0");
        put("2.0.0");
        Files.move(fixture.file("shop.zip"), fixture.file("store.zip"));
        fixture.settle();
        eventually(
                "it has the other name", () -> fixture.deployments("shop.zip").isEmpty());
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
        assertThat(fixture.run.operations().history(1).get(0).summary()).contains("take store.zip back to shop 1.0.0");
        assertThat(fixture.file("store.zip.rolledback")).exists();
        fixture.crashAndStart();
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
    }

    @Test
    void andItsVersionsDoNotCountAsPublished() throws Exception {
        put("1.0.0");
        fixture.verifyBy(new IntegrityPolicy(
                Presence.IF_PRESENT, Presence.OFF, true, Set.of(), Set.of(), Duration.ofSeconds(30)));
        put("2.0.0");
        put("1.5.0");
        assertThat(fixture.reason("shop.zip")).contains("2.0.0 was published before");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing("auth=1.5.0 greeting=1.5.0");
        assertThat(fixture.run.parts.ledger().state().highest()).containsEntry("auth", "1.5.0");
    }

    @Test
    void whatIsSaidOfItHelpsAndIsSaidAfterARestartToo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
        List<String> alarms = fixture.run.view().alarms();
        assertThat(alarms).singleElement().asString().contains("POST /api/v1/rollforward, with file=shop.zip");
        assertThat(alarms).noneMatch(alarm -> alarm.contains("copy the file again"));
        assertThat(order(true).message()).containsOnlyOnce("rollforward").doesNotContain("copy the file");
        assertThat(Files.readString(fixture.file("shop.zip.rolledback"))).doesNotContain("by an operator");
        fixture.crashAndStart();
        assertThat(fixture.run.view().alarms()).isEqualTo(alarms);
        Files.move(fixture.file("shop.zip"), fixture.file("store.zip"));
        fixture.settle();
        eventually("the alarm has its name", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.startsWith("store.zip: its release was taken back")));
    }

    @Test
    void butEachBundleOnlyInItsOwnBake() throws Exception {
        fixture.rollOutBy("auth", Map.of("bake", "1h"));
        put("1.0.0");
        put("2.0.0");
        looked();
        fixture.nanos.addAndGet(Duration.ofSeconds(31).toNanos());
        eventually("one is watched on", () -> fixture.chain.watched().size() == 1);
        request("greeting", "2.0.0", 400, 400, 0);
        looked();
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        request("auth", "2.0.0", 400, 400, 0);
        awaitServing(OLD);
    }

    @Test
    void andNothingIsCountedAnyMoreIfItIsNotPublished() throws Exception {
        put("1.0.0");
        fixture.closeLedger();
        put("2.0.0");
        assertThat(fixture.chain.serving()).isEqualTo(OLD);
        assertThat(fixture.chain.watched()).isEmpty();
    }
}

package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.testing.ReleaseZip;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A release that fails outright is taken back by itself, as one. */
class ReleaseGuardTest extends WithFixture {

    private static final String OLD = "auth=1.0.0 greeting=1.0.0";
    private static final String NEW = "auth=2.0.0 greeting=2.0.0";

    @BeforeEach
    void standard() {
        fixture.rollOutBy(Map.of());
    }

    private void put(String version) throws Exception {
        ReleaseZip.of("shop", version)
                .bundle("auth.jar", middleware("auth", version, "auth"))
                .bundle("greeting.jar", middleware("greeting", version, "greeting"))
                .writeTo(fixture.file("shop.zip"));
        fixture.settle();
    }

    private void request(String name, String version, long requests, long failures, long ownErrors) {
        long bundle = fixture.framework.bundle(name, version).getBundleId();
        fixture.chain.request(bundle, name, requests, failures, ownErrors);
    }

    private void looked() {
        long looks = fixture.chain.looks();
        eventually("it was looked at", () -> fixture.chain.looks() >= looks + 6);
    }

    private void awaitServing(String expected) throws Exception {
        eventually(expected, () -> fixture.chain.serving().equals(expected));
        fixture.settle();
    }

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

    private RollBack order(boolean back) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            var asked = back
                    ? fixture.run.operations().rollBack("shop.zip", "2.0.0")
                    : fixture.run.operations().rollForward("shop.zip");
            return asked.get(30, TimeUnit.SECONDS);
        }
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
}

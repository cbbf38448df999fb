package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes between a release and its taking back: an operator, and a chain that can't be asked. */
class ReleaseGuardEdgesTest extends WithReleases {

    private static final String SLOW = "return.slow";
    private static final String BEGUN = "return.begun";

    @AfterEach
    void clear() {
        List.of(SLOW, BEGUN).forEach(System::clearProperty);
    }

    /** A release that takes as long as a test wants when it comes back. */
    private void putSlow() throws Exception {
        ReleaseZip.of("shop", "1.0.0")
                .bundle(
                        "auth.jar",
                        new BundleJar("auth", "1.0.0")
                                .activator(
                                        "register(\"auth\"); if (System.getProperty(\"" + SLOW + "\") != null) {"
                                                + " System.setProperty(\"" + BEGUN + "\", \"\");"
                                                + " while (System.getProperty(\"" + SLOW + "\") != null)"
                                                + " Thread.sleep(5); }",
                                        ""))
                .bundle("greeting.jar", middleware("greeting", "1.0.0", "greeting"))
                .writeTo(fixture.file("shop.zip"));
        fixture.settle();
    }

    /** Looks as often as it takes, though nobody may be under watch any more. */
    private void look() throws Exception {
        for (int i = 0; i < 3; i++) {
            fixture.run.look();
            fixture.settle();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void itStaysIfAnOperatorWantsThatWhileTheOneBeforeComesUp(boolean back) throws Exception {
        putSlow();
        put("2.0.0");
        looked();
        System.setProperty(SLOW, "");
        request("greeting", "2.0.0", 400, 120, 0);
        eventually("the one before comes up", () -> System.getProperty(BEGUN) != null);

        RollBack answer = order(back);

        assertThat(answer.outcome()).isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        assertThat(answer.message()).contains("stays as it is");
        System.clearProperty(SLOW);
        fixture.settle();
        pauseIsOver();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(fixture.chain.watched()).isEmpty();
        assertThat(fixture.run.view().alarms()).isEmpty();
    }

    /** Its taking back has begun, and is given up for other content, which is no good. */
    private byte[] failAndPut3() throws Exception {
        putSlow();
        put("2.0.0");
        byte[] failing = Files.readAllBytes(fixture.file("shop.zip"));
        looked();
        System.setProperty(SLOW, "");
        request("greeting", "2.0.0", 400, 120, 0);
        eventually("the one before comes up", () -> System.getProperty(BEGUN) != null);
        ReleaseZip.of("shop", "3.0.0")
                .bundle("auth.jar", new BundleJar("auth", "3.0.0").activator("throw new Exception(\"no\");", ""))
                .writeTo(fixture.file("shop.zip"));
        fixture.run.reconciled();
        eventually("it is taken in", () -> fixture.run.view().deployments().stream()
                .anyMatch(one -> one.file().equals("shop.zip") && one.version().equals(Optional.of("3.0.0"))));
        System.clearProperty(SLOW);
        fixture.settle();
        assertThat(fixture.reason("shop.zip")).contains("no");
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        return failing;
    }

    private void pauseIsOver() throws Exception {
        fixture.nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        look();
    }

    @Test
    void itStaysIfAnOperatorWantsThatBeforeItIsTriedAgain() throws Exception {
        byte[] failing = failAndPut3();
        Files.write(fixture.file("shop.zip"), failing);
        fixture.settle();
        assertThat(fixture.states()).doesNotContain("FAILED");
        RollBack answer = order(false);
        assertThat(answer.outcome()).isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        assertThat(answer.message()).contains("stays as it is");
        pauseIsOver();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
    }

    @Test
    void butNotIfHeWantsOtherContentOfTheFileWhichFails() throws Exception {
        failAndPut3();
        assertThat(order(false).outcome()).isEqualTo(RollBack.Outcome.ROLLED_FORWARD);
        fixture.settle();
        assertThat(fixture.reason("shop.zip")).contains("no");
        pauseIsOver();
        awaitServing(OLD);
    }

    @Test
    void itIsWatchedAlsoIfTheChainCouldNotBeAskedToObserveItAtFirst() throws Exception {
        put("1.0.0");
        fixture.chain.observes(false);
        put("2.0.0");
        assertThat(fixture.chain.watched()).isEmpty();
        fixture.chain.observes(true);
        eventually("it is observed", () -> fixture.chain.watched().size() == 2);
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
    }

    @Test
    void andIfWhatItHasDoneCouldNotBeToldAtFirst() throws Exception {
        put("1.0.0");
        fixture.chain.counts(false);
        put("2.0.0");
        look();
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(fixture.run.view().alarms()).isEmpty();
        fixture.chain.counts(true);
        looked();
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
    }

    private boolean isKnownToBeBad(String sha256) {
        return fixture.run.parts.trialLog().takenBack(sha256).isPresent();
    }

    @Test
    void thatItIsTakenBackIsWrittenDownBefore() throws Exception {
        put("1.0.0");
        put("2.0.0");
        String sha256 = Sha256.of(fixture.file("shop.zip"));
        looked();
        AtomicBoolean known = new AtomicBoolean();
        fixture.chain.afterPublish("greeting", () -> known.set(isKnownToBeBad(sha256)));
        request("greeting", "2.0.0", 400, 120, 0);
        awaitServing(OLD);
        assertThat(known).isTrue();
        assertThat(isKnownToBeBad(sha256)).isTrue();
    }

    @Test
    void andForgottenIfTheOneBeforeIsNotLetIn() throws Exception {
        put("1.0.0");
        put("2.0.0");
        String sha256 = Sha256.of(fixture.file("shop.zip"));
        looked();
        AtomicBoolean known = new AtomicBoolean();
        fixture.chain.refuse("greeting", () -> known.set(isKnownToBeBad(sha256)));
        request("greeting", "2.0.0", 400, 120, 0);
        eventually("it couldn't be taken back", () -> fixture.run.view().alarms().stream()
                .anyMatch(alarm -> alarm.contains("couldn't be taken back")));
        assertThat(fixture.chain.serving()).isEqualTo(NEW);
        assertThat(known).isTrue();
        assertThat(isKnownToBeBad(sha256)).isFalse();
    }
}

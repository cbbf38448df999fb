package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.BundleJar.middleware;
import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.testing.BundleJar;
import dev.sluice.deployer.testing.ReleaseZip;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where lower versions are refused: which versions count, and what takes over all the same. */
class DowngradeTest extends WithRollouts {

    private static final String A = "a.zip";
    private static final String B = "b.zip";

    @BeforeEach
    void refuse() throws Exception {
        rule(true);
    }

    private void rule(boolean refuse) throws Exception {
        fixture.verifyBy(new IntegrityPolicy(
                Presence.IF_PRESENT, Presence.OFF, refuse, Set.of(), Set.of(), Duration.ofSeconds(30)));
        fixture.settle();
    }

    private void abort() throws Exception {
        assertThat(order(() -> fixture.run.operations().abort(FILE)).outcome()).isEqualTo(RolloutOrder.Outcome.DONE);
    }

    private void baking() throws Exception {
        fixture.rollOutBy(Map.of());
        put("20.0.0");
        put("21.0.0");
        assertThat(shares()).isEqualTo("greeting:21.0.0=10000,20.0.0=0");
    }

    @Test
    void aVersionThatBakesCountsAsPublishedAlsoAfterARestart() throws Exception {
        baking();
        put("20.5.0");
        assertThat(fixture.reason(FILE))
                .startsWith("It is greeting 20.5.0, and 21.0.0, which is being rolled out, has all requests already")
                .contains("deploy.downgrade=refuse", "abort that rollout");
        assertThat(shares()).isEqualTo("greeting:21.0.0=10000,20.0.0=0");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(fixture.reason(FILE)).contains("21.0.0");
        assertThat(shares()).isEqualTo("greeting:21.0.0=10000,20.0.0=0");
        put("21.5.0");
        assertThat(shares()).isEqualTo("greeting:21.5.0=10000,21.0.0=0");
    }

    @Test
    void whatMendsAVersionThatIsTakenBackInItsBakeComesThen() throws Exception {
        baking();
        put("20.5.0");
        assertThat(fixture.reason(FILE)).contains("21.0.0");
        abort();
        fixture.settle();
        awaitShares("greeting:20.5.0=10000,20.0.0=0");
        assertThat(fixture.hasMarker(FILE)).isFalse();
    }

    @Test
    void whatWasLetInBeforeTheOtherHadAllRequestsIsRefusedWhenItIsToBePublished() throws Exception {
        put("20.0.0");
        put("21.0.0");
        assertThat(shares()).isEqualTo("greeting:21.0.0=100,20.0.0=9900");
        System.clearProperty("go on");
        // It is let in, and hangs until the other has all requests.
        new BundleJar("greeting", "20.5.0")
                .declares("greeting")
                .activator(
                        "System.setProperty(\"begun\", \"\");"
                                + " while (System.getProperty(\"go on\") == null) Thread.sleep(5);"
                                + " register(\"greeting\");",
                        "")
                .writeTo(fixture.file(FILE));
        try {
            eventually("it is tried", () -> System.getProperty("begun") != null);
            assertThat(order(() -> fixture.run.operations().promote(FILE)).outcome())
                    .isEqualTo(RolloutOrder.Outcome.DONE);
            // Not until the deployer has done with it: it has not, before the other goes on.
            eventually("the first has all requests", () -> shares().equals("greeting:21.0.0=10000,20.0.0=0"));
        } finally {
            System.setProperty("go on", "");
        }
        eventually("it is refused", () -> fixture.reasonOf(FILE).contains("21.0.0, which is being rolled out"));
        assertThat(shares()).isEqualTo("greeting:21.0.0=10000,20.0.0=0");
        System.clearProperty("go on");
        System.clearProperty("begun");
    }

    private void release(String file, String version) throws Exception {
        ReleaseZip.of("tr", version)
                .bundle("auth.jar", middleware("auth", version, "auth"))
                .writeTo(fixture.file(file));
        fixture.settle();
    }

    private String superseded() {
        return fixture.in(A, DeploymentState.SUPERSEDED)
                .flatMap(DeploymentView::reason)
                .orElseThrow(() -> new AssertionError("not superseded: " + fixture.run.view()));
    }

    @Test
    void anEarlierReleaseTakesOverWhenTheLaterGoesWithARestartAndWithout() throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        release(A, "7.0.0");
        release(B, "8.0.0");
        assertThat(superseded()).contains("it is deployed when that file goes");
        fixture.delete(B);
        eventually("the earlier serves", () -> fixture.chain.serving().equals("auth=7.0.0"));

        release(B, "8.0.0");
        assertThat(fixture.chain.serving()).isEqualTo("auth=8.0.0");
        fixture.crashAndStart();
        fixture.settle();
        assertThat(superseded()).contains("it is deployed when that file goes");
        assertThat(fixture.run.view().alarms()).isEmpty();
        fixture.delete(B);
        eventually("the earlier serves", () -> fixture.chain.serving().equals("auth=7.0.0"));
        fixture.settle();
        assertThat(fixture.in(A, DeploymentState.PUBLISHED)).isPresent();
        assertThat(fixture.hasMarker(A)).isFalse();
    }

    @Test
    void ofTwoReleasesInOneBatchTheLowerTakesOverTooAlsoIfTheHigherGoesWhileItIsDown() throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        fixture.crash();
        ReleaseZip.of("tr", "7.0.0")
                .bundle("auth.jar", middleware("auth", "7.0.0", "auth"))
                .writeTo(fixture.file(A));
        ReleaseZip.of("tr", "8.0.0")
                .bundle("auth.jar", middleware("auth", "8.0.0", "auth"))
                .writeTo(fixture.file(B));
        fixture.start();
        assertThat(fixture.chain.serving()).isEqualTo("auth=8.0.0");
        fixture.crash();
        fixture.delete(B);
        fixture.start();
        eventually("the lower serves", () -> fixture.chain.serving().equals("auth=7.0.0"));
    }

    @Test
    void anEarlierReleaseThatHasLeftTheFolderIsNotLetInOnceMore() throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        release(A, "7.0.0");
        release(B, "8.0.0");
        fixture.delete(A);
        eventually("it has gone", () -> fixture.deployments(A).isEmpty());
        release(A, "7.0.0");
        assertThat(fixture.reason(A)).contains("auth 7.0.0, and 8.0.0 was published before");
        fixture.delete(A);
        eventually("it has gone", () -> fixture.deployments(A).isEmpty());
        fixture.crash();
        fixture.start();

        rule(false);
        release(A, "7.0.0");
        assertThat(superseded()).contains("b.zip");
        fixture.crash();
        fixture.delete(A);
        fixture.start();
        assertThat(ledger().superseded()).isEmpty();
        rule(true);
        release(A, "7.0.0");
        assertThat(fixture.reason(A)).contains("8.0.0 was published before");
    }
}

package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.DeploymentState;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Without a policy: a version that throws nothing, and answers everything with 500. */
class OutrightErrorsFlowTest extends WithRollouts {

    @BeforeEach
    void standard() {
        fixture.rollOutBy(Map.of());
    }

    private void answer(String version, long requests, long ownErrors) {
        fixture.chain.request(bundle(version).getBundleId(), "greeting", requests, 0, ownErrors);
    }

    @Test
    void isTakenBackInTheBake() throws Exception {
        put("1.0.0");
        answer("1.0.0", 500, 0);
        put("2.0.0");
        assertThat(shares()).isEqualTo("greeting:2.0.0=10000,1.0.0=0");
        looked();
        answer("2.0.0", 40, 40);
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        eventually("it is marked", () -> fixture.hasMarker(FILE));
        assertThat(fixture.marker(FILE))
                .contains(
                        "its rollout was taken back",
                        "100 % of 40 requests were answered with a server error of its own",
                        "against 0 % of about 500 requests with the version before it",
                        "bake.errors=off");
        assertThat(fixture.in(FILE, DeploymentState.FAILED).orElseThrow().version())
                .contains("2.0.0");
    }

    @Test
    void staysWhereTheVersionBeforeDidTheSame() throws Exception {
        put("1.0.0");
        answer("1.0.0", 500, 500);
        assertThatOneThatOnlyErrsStays();
    }

    /** Something that both call goes away before the new version comes. */
    @Test
    void staysWhereTheVersionBeforeHasBegunToDoTheSame() throws Exception {
        put("1.0.0");
        answer("1.0.0", 1_000_000, 0);
        noted();
        answer("1.0.0", 400, 400);
        noted();
        assertThatOneThatOnlyErrsStays();
    }

    private void assertThatOneThatOnlyErrsStays() throws Exception {
        put("2.0.0");
        looked();
        answer("2.0.0", 400, 400);
        assertThatItStays();
    }

    private void assertThatItStays() throws Exception {
        looked();
        pass(Duration.ofSeconds(31));
        awaitShares("");
        fixture.awaitBundles(1);
        assertThat(fixture.chain.serving()).isEqualTo("greeting=2.0.0");
    }

    /** The same, where both throw. */
    @Test
    void staysWhereTheVersionBeforeHasBegunToFailAsOften() throws Exception {
        put("1.0.0");
        answer("1.0.0", 1_000_000, 0);
        noted();
        requests("1.0.0", 400, 400);
        noted();
        put("2.0.0");
        looked();
        requests("2.0.0", 400, 400);
        assertThatItStays();
    }

    @Test
    void isTakenBackWhereTheVersionBeforeHasCeasedToDoTheSame() throws Exception {
        put("1.0.0");
        answer("1.0.0", 1_000_000, 1_000_000);
        noted();
        answer("1.0.0", 400, 0);
        noted();
        put("2.0.0");
        looked();
        answer("2.0.0", 40, 40);
        awaitShares("");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        eventually("it is marked", () -> fixture.hasMarker(FILE));
        assertThat(fixture.marker(FILE)).contains("against 0 % of about 400 requests");
    }

    @Test
    void staysWhereThereWasNoVersionBefore() throws Exception {
        put("1.0.0");
        answer("1.0.0", 400, 400);
        assertThat(fixture.run.rollouts()).isEmpty();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    /** What is looked at later than it begins to fail. */
    private void withoutLooks() throws Exception {
        fixture.looks = Duration.ofHours(1);
        fixture.crashAndStart();
    }

    @Test
    void isTakenBackByWhatItDoesBeforeTheFirstLook() throws Exception {
        withoutLooks();
        put("1.0.0");
        answer("1.0.0", 500, 0);
        put("2.0.0");
        answer("2.0.0", 120, 120);
        fixture.run.look();
        awaitShares("");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }

    @Test
    void isTakenBackByWhatItDoesBeforeTheFirstLookInAStepToo() throws Exception {
        withoutLooks();
        fixture.rollOutBy(IN_STEPS);
        put("1.0.0");
        put("2.0.0");
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        fixture.run.look();
        awaitShares("");
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
    }
}

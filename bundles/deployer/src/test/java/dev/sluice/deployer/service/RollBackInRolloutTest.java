package dev.sluice.deployer.service;

import static dev.sluice.deployer.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.Operator;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.PublicationView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RollBack.Outcome;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an operator takes away, back or forward while something is rolled out, and what is said of that. */
class RollBackInRolloutTest extends WithRollouts {

    private RollBack back(String file, String to) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return fixture.run.operations().rollBack(file, to).get(20, TimeUnit.SECONDS);
        }
    }

    private RollBack forward(String file) throws Exception {
        try (Operator.Mark mark = Operator.mark("admin")) {
            return fixture.run.operations().rollForward(file).get(20, TimeUnit.SECONDS);
        }
    }

    /** Whole, and no rollout under way. */
    private void putWhole(String version) throws Exception {
        fixture.rollOutBy(Map.of("bake", "0s"));
        put(version);
        fixture.rollOutBy(IN_STEPS);
    }

    @Test
    void ofACandidateThatIsGoneNobodySaysThatItCanBeStarted() throws Exception {
        put("1.0.0");
        put("2.0.0");
        try (Operator.Mark mark = Operator.mark("admin")) {
            bundle("2.0.0").stop();
        }
        awaitShares("");
        eventually("it is marked", () -> fixture.hasMarker(FILE));
        assertThat(fixture.marker(FILE))
                .contains("its rollout was taken back: operator admin has stopped greeting 2.0.0; copy the file again")
                .doesNotContain("console");
        assertThat(fixture.reason(FILE)).doesNotContain("console");
        assertThat(lastPublication().summary())
                .isEqualTo("take greeting.jar back to greeting 1.0.0: operator admin has stopped greeting 2.0.0");
        assertThat(Files.exists(fixture.file(FILE + ".stopped"))).isFalse();
    }

    @Test
    void whatWasTakenBackIsNotWhatCanBeGoneBackTo() throws Exception {
        put("1.0.0");
        put("2.0.0");
        looked();
        requests("2.0.0", 100, 30);
        requests("1.0.0", 9_900, 0);
        awaitShares("");
        eventually("it is marked", () -> fixture.hasMarker(FILE));

        RollBack answer = back(FILE, "2.0.0");

        assertThat(answer.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(answer.message())
                .contains("its rollout was taken back", "30 % of 100 requests failed", "POST /api/v1/rollforward");
        fixture.settle();
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(shares()).isEmpty();
        assertThat(fixture.reason(FILE)).contains("its rollout was taken back");
        assertThat(forward(FILE).outcome()).as("an explicit word").isEqualTo(Outcome.ROLLED_FORWARD);
        awaitShares("greeting:2.0.0=100,1.0.0=9900");
    }

    @Test
    void whatFailedForAnotherReasonIsTriedAgainAsEver() throws Exception {
        putWhole("1.0.0");
        putWhole("2.0.0");
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(back(FILE, "2.0.0").outcome()).isEqualTo(Outcome.ROLLED_FORWARD);
    }

    @Test
    void aFileWithTheContentOfAnotherWasNotRemoved() throws Exception {
        putWhole("1.0.0");
        putWhole("2.0.0");
        Files.copy(fixture.file(FILE), fixture.file("copy.jar"));
        fixture.settle();
        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        fixture.settle();

        assertThat(forward(FILE).outcome()).isEqualTo(Outcome.ROLLED_FORWARD);
        fixture.settle();

        eventually("it is a duplicate", () -> fixture.in(FILE, DeploymentState.DUPLICATE)
                .isPresent());
        assertThat(lastPublication().summary()).isEqualTo("greeting.jar has the content of copy.jar");
        assertThat(lastPublication().went()).singleElement().satisfies(one -> assertThat(one.version())
                .isEqualTo("1.0.0"));
    }

    @Test
    void aRollBackToSomethingElseIsOnePublicationAndNothingComesBetween() throws Exception {
        putWhole("1.0.0");
        putWhole("2.0.0");
        put("3.0.0");
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,2.0.0=9900");
        isOneWith(FILE);
        fixture.awaitBundles(1);
    }

    @Test
    void soItIsInTheBake() throws Exception {
        putWhole("1.0.0");
        putWhole("2.0.0");
        put("3.0.0");
        order(() -> fixture.run.operations().promote(FILE));
        awaitShares("greeting:3.0.0=10000,2.0.0=0");
        isOneWith(FILE);
        fixture.awaitBundles(1);
    }

    private void isOneWith(String file) throws Exception {
        long before = lastPublication().number();
        int changes = fixture.chain.history().size();

        assertThat(back(file, "1.0.0").outcome()).isEqualTo(Outcome.ROLLED_BACK);

        List<PublicationView> history = fixture.run.operations().history(2);
        assertThat(history.get(0).summary()).isEqualTo("roll greeting.jar back to greeting 1.0.0");
        assertThat(history.get(0).cause()).contains(Cause.OPERATOR);
        assertThat(history.get(0).number()).isEqualTo(before + 1);
        assertThat(fixture.chain
                        .history()
                        .subList(changes, fixture.chain.history().size()))
                .allMatch("greeting=1.0.0"::equals);
        awaitShares("");
        eventually("it is over", () -> fixture.run.rollouts().isEmpty());
        assertThat(kept()).isEmpty();
        pass(Duration.ofMinutes(2));
        fixture.crashAndStart();
        assertThat(fixture.chain.history()).noneMatch(served -> served.contains("2.0.0") || served.contains("3.0.0"));
        assertThat(fixture.chain.serving()).isEqualTo("greeting=1.0.0");
        assertThat(fixture.run.rollouts()).isEmpty();
    }

    @Test
    void whatCannotComeUpEndsNoRollout() throws Exception {
        putWhole("1.0.0");
        putWhole("2.0.0");
        put("3.0.0");
        fixture.chain.refuse("greeting");

        assertThat(back(FILE, "1.0.0").outcome()).isEqualTo(Outcome.FAILED);

        fixture.settle();
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,2.0.0=9900");
        assertThat(fixture.run.rollouts()).hasSize(1);
        fixture.crashAndStart();
        assertThat(shares()).isEqualTo("greeting:3.0.0=100,2.0.0=9900");
    }
}

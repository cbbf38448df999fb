package dev.sluice.chain.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.Claim;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.ReleaseRule;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.chain.fixture.Exchange;
import dev.sluice.chain.fixture.OverrideFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** What a deployer does with shares, through the published service. */
class RolloutsTest {

    @TempDir
    Path storage;

    private ChainInFramework chain;
    private ChainControl control;
    private Bundle one;
    private Bundle two;
    private Claim claim;

    @BeforeEach
    void start() throws Exception {
        chain = new ChainInFramework(storage, "1m");
        control = chain.control();
        one = chain.installed("m", "1.0.0", "m");
        one.start();
        two = chain.framework.install("m", "2.0.0");
        claim = control.claim(two.getBundleId());
        two.start();
        claim.probe();
    }

    @AfterEach
    void stop() throws Exception {
        chain.close();
    }

    private Split split(int first, int second) {
        return new Split(
                "m",
                List.of(
                        new Share(one.getBundleId(), "digest one", first),
                        new Share(two.getBundleId(), "digest two", second)),
                Sticky.NONE);
    }

    private Map<String, Integer> served() {
        Map<String, Integer> served = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            Exchange exchange = chain.request("/");
            served.merge(exchange.headers.get("m"), 1, Integer::sum);
        }
        return served;
    }

    @Test
    void aCandidateIsPublishedWithItsShareInOneGeneration() {
        long before = control.view().generation();
        long after = control.publish(Set.of(two.getBundleId()), Set.of(), List.of(split(90, 10)), "rollout of m 2.0.0");
        assertThat(after).isEqualTo(before + 1);
        Map<String, Integer> served = served();
        // Five standard deviations around a hundred.
        assertThat(served.get("2.0.0")).isBetween(52, 148);
        assertThat(control.figures(two.getBundleId()).get(0).requests())
                .isEqualTo(served.get("2.0.0").longValue());
        assertThat(control.figures(one.getBundleId()).get(0).requests())
                .isEqualTo(served.get("1.0.0").longValue());

        PlaceView place = chain.places().get(0);
        assertThat(place.sharing()).extracting(UnitView::version).containsExactly("2.0.0", "1.0.0");
        assertThat(place.sharing()).extracting(UnitView::state).containsOnly(UnitState.SERVING);
        assertThat(place.sharing())
                .extracting(unit -> unit.share().getAsDouble())
                .containsExactly(0.1, 0.9);
        assertThat(place.units()).hasSize(2);
        assertThat(place.standbys()).isEmpty();
        TrafficView view = control.view().traffic().get(0);
        assertThat(view.origin()).isEqualTo(TrafficView.Origin.ROLLOUT);
        assertThat(view.name()).isEqualTo("m");
        assertThat(view.parts()).containsExactly(new TrafficView.Part("1.0.0", 90), new TrafficView.Part("2.0.0", 10));
    }

    @Test
    void anotherPublicationLeavesTheSplitAndARetirementEndsIt() throws Exception {
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(split(100, 0)), "rollout");
        assertThat(served().keySet()).containsExactly("1.0.0");
        assertThat(chain.places().get(0).standbys()).extracting(UnitView::state).containsExactly(UnitState.STANDBY);
        Bundle other = chain.framework.install("other", "1.0.0");
        control.claim(other.getBundleId());
        control.publish(Set.of(other.getBundleId()), Set.of(), "another file");
        assertThat(served().keySet()).containsExactly("1.0.0");
        control.publish(Set.of(), Set.of(two.getBundleId()), "taken back");
        assertThat(control.view().traffic()).isEmpty();
        assertThat(control.figures(one.getBundleId())).isEmpty();
    }

    @Test
    void aPublicationWithABadSplitChangesNothing() {
        long before = control.view().generation();
        List<Split> twice = List.of(split(1, 1), split(2, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> control.publish(Set.of(two.getBundleId()), Set.of(), twice, "rollout"));
        assertThat(control.view().generation()).isEqualTo(before);
        assertThat(served().keySet()).containsExactly("1.0.0");
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(), "as it was");
        assertThat(served().keySet()).containsExactly("2.0.0");
    }

    @Test
    void anOperatorsRuleIsShownAndGoesBeforeTheRollouts() throws Exception {
        OverrideFixture files = new OverrideFixture(chain.framework.context(), OverrideFixture.TRAFFIC);
        chain.chain.bindConfigurations(files.admin);
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(split(50, 50)), "rollout");
        files.write("x", "bundle", "m", "weights", "1.0.0=100");
        files.write("y", "bundle", "m", "weights", "nonsense");
        assertThat(served().keySet()).containsExactly("1.0.0");
        TrafficView view = control.view().traffic().get(0);
        assertThat(view.origin()).isEqualTo(TrafficView.Origin.OPERATOR);
        assertThat(view.file()).hasValueSatisfying(file -> assertThat(file).endsWith("dev.sluice.traffic-x.cfg"));
        assertThat(control.view().refusedRules()).singleElement().satisfies(refused -> {
            assertThat(refused.file()).endsWith("dev.sluice.traffic-y.cfg");
            assertThat(refused.reason()).contains("nonsense");
            assertThat(refused.lastGood()).isFalse();
        });
        assertThat(control.view().alarms()).hasSize(1);
    }

    @Test
    void aReleasesRuleComesWithAPublishGoesWithOneAndGivesWayToAnOperators() throws Exception {
        ReleaseRule rule = new ReleaseRule("shop.zip", Map.of("middleware", "m", "weights", "1.0.0=100, 9.0.0=1"));
        assertThat(control.faults(rule.texts())).isEmpty();
        assertThat(control.faults(Map.of("middleware", "m")))
                .singleElement()
                .asString()
                .contains("weights");
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(split(50, 50)), List.of(rule), "deploy shop.zip");
        assertThat(served().keySet()).containsExactly("1.0.0");
        TrafficView view = control.view().traffic().get(0);
        assertThat(view.origin()).isEqualTo(TrafficView.Origin.RELEASE);
        assertThat(view.file()).contains("shop.zip");
        control.publish(Set.of(), Set.of(), List.of(), "another publish");
        assertThat(served().keySet()).containsExactly("1.0.0");

        OverrideFixture files = new OverrideFixture(chain.framework.context(), OverrideFixture.TRAFFIC);
        chain.chain.bindConfigurations(files.admin);
        files.write("x", "middleware", "m", "weights", "2.0.0=100");
        assertThat(served().keySet()).containsExactly("2.0.0");
        assertThat(control.view().refusedRules()).singleElement().satisfies(refused -> {
            assertThat(refused.file()).isEqualTo("shop.zip");
            assertThat(refused.reason()).contains("an operator's rule for the same goes before it");
        });
        control.publish(Set.of(), Set.of(), List.of(), List.of(), "remove shop.zip");
        assertThat(control.view().refusedRules()).isEmpty();
    }

    @Test
    void whatAReleasesRuleNamesAndIsNotThereIsAnAlarm() {
        List<ReleaseRule> rules = List.of(
                new ReleaseRule("shop.zip", Map.of("middleware", "m", "weights", "1.0.0=80, 2.0.0=20")),
                new ReleaseRule("one.zip", Map.of("bundle", "m", "weights", "1.0.0=80, 2.2.2=20")),
                new ReleaseRule("two.zip", Map.of("middleware", "mm", "weights", "1.0.0=80")));
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(), rules, "deploy three releases");
        assertThat(control.view().alarms())
                .containsExactly(
                        "The traffic rule for bundle m in one.zip: there is no version 2.2.2 of bundle m, but 1.0.0,"
                                + " 2.0.0, and what isn't there has no share. Mend its release.json, and copy the release"
                                + " again.",
                        "The traffic rule for middleware mm in two.zip: there is no middleware mm (is \"m\" meant?):"
                                + " it has no effect. Mend its release.json, and copy the release again.");
        control.publish(Set.of(), Set.of(), List.of(), rules.subList(0, 1), "remove two of them");
        assertThat(control.view().alarms()).isEmpty();
    }

    @Test
    void anInPlaceUpdateHoldsAllRequestsWhoeverTheyWouldGet() throws Exception {
        chain.chain.modified(ChainInFramework.configuration("1m", "1m", "10", ""), Map.of());
        control.publish(Set.of(two.getBundleId()), Set.of(), List.of(split(99, 1)), "rollout");
        two.stop(Bundle.STOP_TRANSIENT);
        assertThat(chain.places().get(0).held()).isTrue();
        two.start();
        assertThat(chain.places().get(0).held()).isFalse();
        assertThat(chain.places().get(0).sharing()).hasSize(2);
    }
}

package dev.sluice.chain.trip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Trip;
import dev.sluice.chain.fixture.FakeTime;
import dev.sluice.chain.fixture.Logged;
import dev.sluice.chain.limit.Limits;
import dev.sluice.chain.path.PathPattern;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.PlaceOverride;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.chain.snapshot.TripOverride;
import dev.sluice.chain.snapshot.TripRules;
import dev.sluice.chain.snapshot.TripRules.Mode;
import dev.sluice.chain.snapshot.TripSwitch;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.snapshot.UnitVersion;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TripsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Trip ALL_FAILED = new Trip(NOW, 20, 20, Duration.ofSeconds(10));

    private final FakeTime time = new FakeTime();
    private final Trips trips = new Trips(time::nanoTime, InstantSource.fixed(NOW), time);
    private final Chain chain = new Chain(time::nanoTime, time, time, trips);

    private Unit join(String name, int major, String... paths) {
        return join(name, major, major, paths);
    }

    private Unit join(String name, int major, long bundleId, String... paths) {
        List<PathPattern> patterns = Stream.of(paths.length == 0 ? new String[] {"/*"} : paths)
                .map(PathPattern::parse)
                .toList();
        Unit unit = new Unit(
                name,
                new UnitVersion(major, 0, 0, ""),
                "by." + name,
                bundleId,
                (request, response, next) -> next.proceed(request, response),
                getClass().getClassLoader());
        chain.change(
                roster -> roster.join(new Provider(unit, new Spec(0, patterns, FailureMode.CLOSED))), unit + " joins");
        return unit;
    }

    private void leave(Unit unit) {
        chain.change(roster -> roster.leave(unit), unit + " leaves");
    }

    private void override(String name, Mode mode) {
        TripOverride trip = new TripOverride(
                Optional.of(mode), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        PlaceOverride override =
                new PlaceOverride(Optional.empty(), Optional.empty(), Optional.empty(), true, Limits.NONE, trip);
        chain.change(roster -> roster.override(Map.of(name, override)), "override");
    }

    private Place place(String name) {
        return chain.current().places().stream()
                .filter(place -> place.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Unit serving(String name) {
        return place(name).serving().orElseThrow();
    }

    /** As many failures as it takes. */
    private static void fail(Unit unit) {
        for (int i = 0; i < 20; i++) {
            unit.tripSwitch().failed();
        }
    }

    private void trip(Unit unit) {
        fail(unit);
        time.run();
    }

    @Test
    void takesAFailingUnitBehindItsStandbyInAGenerationOfItsOwn() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        long before = chain.current().generation();
        fail(two);
        assertThat(chain.current().generation()).as("while the request runs").isEqualTo(before);
        try (Logged logged = new Logged(Trips.class.getName())) {
            time.run();
            assertThat(logged.records())
                    .singleElement()
                    .asString()
                    .contains("a 2.0.0", "20 of 20 calls", "50 %", "a 1.0.0", "/api/v1/trip/reset");
        }
        assertThat(chain.current().generation()).isEqualTo(before + 1);
        assertThat(serving("a")).isSameAs(one);
        assertThat(place("a").standbys()).containsExactly(two);
        assertThat(chain.roster().tripped(two)).contains(ALL_FAILED);
    }

    @Test
    void goesBackToTheHighestThatHasNotTripped() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        Unit three = join("a", 3);
        trip(three);
        assertThat(serving("a")).isSameAs(two);
        trip(two);
        assertThat(serving("a")).isSameAs(one);
        assertThat(one.tripSwitch()).as("the last good one").isSameAs(TripSwitch.NONE);
        trip(one);
        assertThat(serving("a")).isSameAs(one);
    }

    @Test
    void leavesAUnitWithoutStandbyAlone() {
        Unit one = join("a", 1);
        join("b", 2);
        assertThat(one.tripSwitch()).isSameAs(TripSwitch.NONE);
        trip(one);
        assertThat(serving("a")).isSameAs(one);
    }

    /** Otherwise failures that a client provokes would open what only the new version guards. */
    @Test
    void keepsThePlaceAsTheTrippedVersionDescribesIt() {
        join("a", 1, "/api/*");
        Unit two = join("a", 2, "/api/*", "/admin/*");
        trip(two);
        assertThat(place("a").spec().pathTexts()).containsExactly("/api/*", "/admin/*");
        leave(two);
        assertThat(place("a").spec().pathTexts()).containsExactly("/api/*");
    }

    @Test
    void putsANewVersionBeforeTheOneThatHasTripped() {
        join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        Unit three = join("a", 3);
        assertThat(serving("a")).isSameAs(three);
        assertThat(chain.roster().tripped(two)).isPresent();
    }

    @Test
    void knowsNothingOfTheTripWhenTheBundleBringsAnotherUnit() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        chain.change(roster -> roster.away(two), "update in place");
        assertThat(serving("a")).isSameAs(one);
        Unit again = join("a", 2);
        assertThat(serving("a")).isSameAs(again);
        assertThat(chain.roster().tripped(again)).isEmpty();
    }

    @Test
    void servesAllTheSameWhenTheStandbyLeaves() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        leave(one);
        assertThat(serving("a")).isSameAs(two);
        assertThat(two.tripSwitch()).isSameAs(TripSwitch.NONE);
        assertThat(chain.roster().tripped(two)).as("it isn't forgotten").isPresent();
        Unit lower = join("a", 1);
        assertThat(serving("a")).isSameAs(lower);
    }

    @Test
    void isProbedFirstWhenTheStandbyLeavesAndItsPlaceIsGuarded() {
        override("a", Mode.ON);
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        leave(one);
        assertThat(serving("a")).isSameAs(two);
        for (int i = 0; i < ShuttingSwitch.PROBES; i++) {
            assertThat(two.tripSwitch().permits()).isTrue();
        }
        assertThat(two.tripSwitch().permits()).isFalse();
    }

    /** A held standby is waited for: what it had to stand in for isn't served meanwhile, nor is the place made smaller. */
    @Test
    void holdsThePlaceForTheStandbyRatherThanServeWhatHasTripped() {
        Unit one = join("a", 1, "/api/*");
        Unit two = join("a", 2, "/api/*", "/admin/*");
        trip(two);
        chain.change(roster -> roster.away(one), "update in place");
        assertThat(place("a").serving()).isEmpty();
        assertThat(place("a").held()).isTrue();
        assertThat(place("a").spec().pathTexts()).containsExactly("/api/*", "/admin/*");
        chain.change(roster -> roster.endHolds(hold -> true), "hold.timeout");
        assertThat(serving("a")).isSameAs(two);
    }

    @Test
    void isServedAgainAfterAReset() {
        join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        assertThat(trips.reset(chain, "a", "3.0.0")).isFalse();
        assertThat(trips.reset(chain, "b", "2.0.0")).isFalse();
        assertThat(trips.reset(chain, "a", "2.0.0")).isTrue();
        assertThat(serving("a")).isSameAs(two);
        assertThat(trips.reset(chain, "a", "2.0.0")).isFalse();
        for (int i = 0; i < 19; i++) {
            two.tripSwitch().failed();
        }
        time.run();
        assertThat(serving("a")).as("its failures are forgotten").isSameAs(two);
        two.tripSwitch().failed();
        time.run();
        assertThat(serving("a")).as("it can trip again").isNotSameAs(two);
    }

    @Test
    void resetsASwitchThatIsShut() {
        override("a", Mode.ON);
        Unit one = join("a", 1);
        trip(one);
        assertThat(one.tripSwitch().permits()).isFalse();
        assertThat(trips.reset(chain, "a", "1.0.0")).isTrue();
        assertThat(one.tripSwitch().permits()).isTrue();
    }

    @Test
    void handsOverToAStandbyThatComesWhileItIsShut() {
        override("a", Mode.ON);
        Unit two = join("a", 2);
        trip(two);
        assertThat(two.tripSwitch().permits()).isFalse();
        Unit one = join("a", 1);
        assertThat(two.tripSwitch().permits()).as("until it is handed over").isFalse();
        time.run();
        assertThat(serving("a")).isSameAs(one);
        assertThat(chain.roster().tripped(two)).contains(ALL_FAILED);
    }

    @Test
    void marksOnlyWhatHasNotTrippedYetAndHasAStandbyThatHasNotEither() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        Trip later = new Trip(NOW.plusSeconds(1), 20, 10, Duration.ofSeconds(10));
        Roster roster = chain.roster();
        assertThat(roster.trip(two, later)).as("behind already").isSameAs(roster);
        assertThat(roster.trip(one, later)).as("the last good one").isSameAs(roster);
    }

    @Test
    void obeysItsOverride() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        override("a", Mode.OFF);
        assertThat(two.tripSwitch()).isSameAs(TripSwitch.NONE);
        override("a", Mode.STANDBY);
        trip(two);
        assertThat(serving("a")).isSameAs(one);
    }

    @Test
    void obeysChangedDefaultsAtOnce() {
        join("a", 1);
        Unit two = join("a", 2);
        assertThat(trips.defaults(new TripRules(Mode.OFF, 50, Duration.ofSeconds(10), 20, Duration.ofSeconds(5))))
                .isTrue();
        chain.rearm("test");
        assertThat(two.tripSwitch()).isSameAs(TripSwitch.NONE);
    }

    @Test
    void keepsItsCountWhenSomethingElseChanges() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        for (int i = 0; i < 19; i++) {
            two.tripSwitch().failed();
        }
        join("b", 1);
        two.tripSwitch().failed();
        time.run();
        assertThat(serving("a")).isSameAs(one);
    }

    // ---- what happens between the trip and its generation

    @Test
    void goesOnServingWhenTheStandbyLeavesFirst() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        fail(two);
        leave(one);
        time.run();
        assertThat(serving("a")).isSameAs(two);
        assertThat(chain.roster().tripped(two)).isEmpty();
        Unit again = join("a", 1);
        trip(two);
        assertThat(serving("a")).as("with a new switch").isSameAs(again);
    }

    @Test
    void isNoGoodStandbyForAVersionThatComesFirst() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        fail(two);
        Unit three = join("a", 3);
        time.run();
        assertThat(serving("a")).isSameAs(three);
        trip(three);
        assertThat(serving("a")).isSameAs(one);
    }

    @Test
    void changesNothingWhenTheUnitIsReplacedFirst() {
        join("a", 1);
        Unit two = join("a", 2);
        fail(two);
        chain.change(roster -> roster.away(two), "update in place");
        Unit again = join("a", 2);
        long before = chain.current().generation();
        time.run();
        assertThat(serving("a")).isSameAs(again);
        assertThat(chain.current().generation()).isEqualTo(before);
    }

    @Test
    void takesTwoThatTripAtOnceBehindEach() {
        Unit a1 = join("a", 1);
        Unit a2 = join("a", 2);
        Unit b1 = join("b", 1);
        Unit b2 = join("b", 2);
        fail(a2);
        fail(b2);
        time.run();
        assertThat(serving("a")).isSameAs(a1);
        assertThat(serving("b")).isSameAs(b1);
    }

    @Test
    void doesNothingWhenTheChainIsClosed() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        chain.close();
        fail(two);
        assertThat(serving("a")).isSameAs(two);
        assertThat(one).isNotNull();
    }

    @Test
    void leavesThePlaceWithTheBundle() {
        Unit one = join("a", 1);
        Unit two = join("a", 2);
        trip(two);
        chain.change(roster -> roster.retire(Set.of(1L, 2L)), "both removed");
        assertThat(chain.current().places()).isEmpty();
        assertThat(List.of(one, two)).doesNotContainNull();
    }
}

package dev.sluice.chain.snapshot;

import static dev.sluice.chain.snapshot.Parts.patterns;
import static dev.sluice.chain.snapshot.Parts.provider;
import static dev.sluice.chain.snapshot.Parts.spec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.snapshot.Roster.Reservation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {

    private final Provider one = provider("auth", 1, 10);
    private final Provider two = provider("auth", 2, 20);

    private static Roster roster(Provider... providers) {
        Roster roster = Roster.EMPTY;
        for (Provider provider : providers) {
            roster = roster.join(provider);
        }
        return roster;
    }

    private static List<String> names(Roster roster) {
        return roster.places().stream().map(Place::name).toList();
    }

    private static Place only(Roster roster) {
        assertThat(roster.places()).hasSize(1);
        return roster.places().get(0);
    }

    @Test
    void ordersByRankingThenByNameWhateverCameFirst() {
        List<Provider> providers = new ArrayList<>(List.of(
                provider("c", 1, 1, spec(5), Parts.PASSES),
                provider("a", 1, 2, spec(5), Parts.PASSES),
                provider("b", 1, 3, spec(Integer.MAX_VALUE), Parts.PASSES),
                provider("d", 1, 4, spec(Integer.MIN_VALUE), Parts.PASSES),
                provider("e", 1, 5, spec(-1), Parts.PASSES)));
        Random random = new Random(1);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(providers, random);
            assertThat(names(roster(providers.toArray(Provider[]::new)))).containsExactly("b", "a", "c", "e", "d");
        }
    }

    @Test
    void theHighestVersionServesAndTheOthersStandBy() {
        Provider three = provider("auth", 3, 5);
        Place place = only(roster(two, three, one));
        assertThat(place.serving()).contains(three.unit());
        assertThat(place.standbys()).containsExactly(two.unit(), one.unit());
    }

    @Test
    void ofEqualVersionsThatOfTheBundleInstalledLastServes() {
        Provider rebuilt = provider("auth", 2, 21);
        assertThat(only(roster(rebuilt, two)).serving()).contains(rebuilt.unit());
    }

    @Test
    void comparesVersionsAsNumbersAndQualifiersAsText() {
        assertThat(new UnitVersion(1, 10, 0, "")).isGreaterThan(new UnitVersion(1, 9, 9, "z"));
        assertThat(new UnitVersion(1, 0, 0, "a")).isGreaterThan(new UnitVersion(1, 0, 0, ""));
        assertThat(new UnitVersion(1, 0, 0, "a")).hasToString("1.0.0.a");
    }

    /** Away, and not waited for any more. */
    private static Roster away(Roster roster, Provider provider) {
        return roster.away(provider.unit()).endHolds(hold -> true);
    }

    @Test
    void aPlaceIsHeldForTheUnitThatServedAndNotForAStandby() {
        Place held = only(roster(one, two).away(two.unit()));
        assertThat(held.held()).isTrue();
        assertThat(held.blocks()).isFalse();
        assertThat(held.serving()).isEmpty();
        assertThat(held.standbys()).containsExactly(one.unit());
        assertThat(only(roster(one, two).away(one.unit())).serving()).contains(two.unit());
    }

    @Test
    void aHoldEndsWhenItsBundleOrAHigherVersionComes() {
        Roster held = roster(one, two).away(two.unit());
        Provider again = provider("auth", 2, 20);
        assertThat(only(held.join(again)).serving()).contains(again.unit());
        Provider three = provider("auth", 3, 30);
        assertThat(only(held.join(three)).serving()).contains(three.unit());
        assertThat(only(held.join(provider("auth", 1, 11))).held()).isTrue();
    }

    @Test
    void theEndOfAHoldIsNotThatOfALaterOne() {
        Roster held = roster(one).away(one.unit());
        Hold first = held.holds().findFirst().orElseThrow();
        Provider again = provider("auth", 1, 10);
        Roster heldAgain = held.join(again).away(again.unit());
        assertThat(only(heldAgain.endHolds(hold -> hold == first)).held()).isTrue();
        assertThat(held.endHolds(hold -> hold == first).holds()).isEmpty();
    }

    @Test
    void anotherVersionStandsInForOneThatIsNotWaitedForAnyMore() {
        assertThat(only(away(roster(one, two), two)).serving()).contains(one.unit());
    }

    @Test
    void aPlaceStaysAsItWasWhileItsOnlyUnitIsAway() {
        Place before = only(roster(one));
        Place after = only(away(roster(one), one));
        assertThat(after.serving()).isEmpty();
        assertThat(after.blocks()).isTrue();
        assertThat(after.spec()).isEqualTo(before.spec());
        assertThat(after.owner()).isEqualTo(before.owner());
    }

    @Test
    void aFailOpenPlaceThatIsAwayDoesNotBlock() {
        Provider open = provider("log", 1, 1, spec(0, FailureMode.OPEN), Parts.PASSES);
        assertThat(only(away(roster(open), open)).blocks()).isFalse();
    }

    @Test
    void aPlaceGoesWithItsLastUnitWhenThatLeavesForGood() {
        assertThat(roster(one).leave(one.unit()).places()).isEmpty();
        assertThat(roster(one).retire(Set.of(10L)).places()).isEmpty();
    }

    @Test
    void retiringABundleThatIsAwayDropsItsPlace() {
        assertThat(roster(one).away(one.unit()).retire(Set.of(10L)).places()).isEmpty();
    }

    @Test
    void aVersionThatIsAwayIsStillExpectedWhenItsStandInIsRetired() {
        Roster roster = away(roster(one, two), two).retire(Set.of(10L));
        assertThat(only(roster).blocks()).isTrue();
        assertThat(only(roster.join(provider("auth", 2, 20))).serving()).isPresent();
        assertThat(roster.retire(Set.of(20L)).places()).isEmpty();
    }

    @Test
    void aBundleThatComesBackLeavesNothingVacantBehind() {
        Roster back = roster(one).away(one.unit()).join(provider("auth", 1, 10));
        assertThat(back.retire(Set.of(10L)).places()).isEmpty();
        assertThat(back.leave(back.units().findFirst().orElseThrow()).places()).isEmpty();
    }

    @Test
    void aBundleThatWasUninstalledKeepsItsPlaceUntilAnotherFillsIt() {
        Roster gone = roster(one).away(one.unit()).uninstalled(10);
        assertThat(only(gone).blocks()).isTrue();
        assertThat(gone.join(two).retire(Set.of(20L)).places()).isEmpty();
    }

    @Test
    void aBundleThatWasUninstalledBesideAStandInKeepsItsPlaceUntilItIsRetiredOrComesAgain() {
        Roster gone = roster(one, two).away(two.unit()).uninstalled(20);
        assertThat(only(gone).serving()).contains(one.unit());
        Roster withoutStandIn = gone.retire(Set.of(10L));
        assertThat(only(withoutStandIn).blocks()).isTrue();
        assertThat(withoutStandIn.retire(Set.of(20L)).places()).isEmpty();
        Roster again = gone.join(provider("auth", 2, 21));
        assertThat(again.retire(Set.of(10L, 21L)).places()).isEmpty();
        assertThat(only(gone.join(provider("auth", 1, 11)).retire(Set.of(10L, 11L)))
                        .blocks())
                .isTrue();
    }

    @Test
    void whatStandsInForAHigherVersionThatIsAwayGuardsThePathsOfThatVersion() {
        Provider first = provider("auth", 1, 10, spec(1, "/api/*"), Parts.PASSES);
        Provider second = provider("auth", 2, 20, spec(2, "/api/*", "/admin/*"), Parts.PASSES);
        Place held = only(roster(first, second).away(second.unit()));
        assertThat(held.spec()).isEqualTo(second.spec());
        Roster standIn = away(roster(first, second), second);
        assertThat(only(standIn).serving()).contains(first.unit());
        assertThat(only(standIn).spec()).isEqualTo(second.spec());
        assertThat(only(standIn.uninstalled(20)).spec()).isEqualTo(second.spec());
        assertThat(only(standIn.retire(Set.of(20L))).spec()).isEqualTo(first.spec());
    }

    @Test
    void reservationsKeepVacantPlacesAndReplaceEarlierOnes() {
        Roster reserved = Roster.EMPTY.reserve(List.of(reservation("by.auth", spec(7, "/a"), 0)));
        assertThat(only(reserved).blocks()).isTrue();
        assertThat(only(reserved).spec()).isEqualTo(spec(7, "/a"));
        assertThat(reserved.owner("auth")).contains("by.auth");
        assertThat(reserved.reserve(List.of()).places()).isEmpty();
        assertThat(only(reserved.join(one)).serving()).contains(one.unit());
        assertThat(reserved.join(one).leave(one.unit()).places()).isEmpty();
    }

    private static Reservation reservation(String owner, Spec spec, int major) {
        Optional<UnitVersion> version = Optional.of(new UnitVersion(major, 0, 0, ""));
        return new Reservation("auth", owner, spec, version.filter(one -> major > 0));
    }

    /** After a restart at which the higher version can't be brought back, and the lower one can. */
    @Test
    void whatStandsInForAHigherVersionThatIsReservedGuardsThePathsOfThatVersion() {
        Reservation second = reservation("by.auth", spec(2, "/api/*", "/admin/*"), 2);
        Reservation first = reservation("by.auth", spec(1, "/api/*"), 1);
        Roster reserved = Roster.EMPTY.reserve(List.of(second, first));
        assertThat(only(reserved).spec()).isEqualTo(second.spec());
        Provider back = provider("auth", 1, 10, first.spec(), Parts.PASSES);
        Roster standIn = reserved.join(back);
        assertThat(only(standIn).serving()).contains(back.unit());
        assertThat(only(standIn).spec()).isEqualTo(second.spec());
        assertThat(only(standIn.reserve(List.of(second))).spec()).isEqualTo(second.spec());
        assertThat(only(standIn.retire(Set.of(10L))).blocks()).isTrue();
        assertThat(only(standIn.reserve(List.of())).spec()).isEqualTo(first.spec());
        Provider again = provider("auth", 2, 20, spec(2, "/b"), Parts.PASSES);
        assertThat(only(standIn.join(again)).spec()).isEqualTo(again.spec());
        assertThat(standIn.join(again).retire(Set.of(10L, 20L)).places()).isEmpty();
    }

    @Test
    void aReservationHasNoEffectOnAPlaceThatHasAUnitOrWhoseUnitIsAway() {
        List<Reservation> other = List.of(reservation("other", spec(7), 0));
        assertThat(roster(one).reserve(other).leave(one.unit()).places()).isEmpty();
        Roster away = away(roster(one), one).reserve(other);
        assertThat(only(away).spec().ranking()).isZero();
        assertThat(only(away).owner()).isEqualTo("by.auth");
        assertThat(only(away.reserve(List.of())).blocks()).isTrue();
    }

    @Test
    void anOverrideSetsWhatItNamesAndLeavesTheRest() {
        PlaceOverride override =
                new PlaceOverride(Optional.of(9), Optional.of(patterns("/x")), Optional.of(FailureMode.OPEN), true);
        Roster overridden =
                roster(one, provider("b", 1, 2, spec(3), Parts.PASSES)).override(Map.of("auth", override));
        assertThat(names(overridden)).containsExactly("auth", "b");
        assertThat(overridden.places().get(0).spec()).isEqualTo(spec(9, FailureMode.OPEN, "/x"));
        assertThat(overridden.places().get(1).spec()).isEqualTo(spec(3));
        assertThat(names(overridden.override(Map.of()))).containsExactly("b", "auth");
        assertThat(overridden.placeFor(two).spec().ranking()).isEqualTo(9);
    }

    @Test
    void aDisabledMiddlewareHasNoPlaceAndGetsItBack() {
        PlaceOverride off = new PlaceOverride(Optional.empty(), Optional.empty(), Optional.empty(), false);
        Roster disabled = roster(one).override(Map.of("auth", off));
        assertThat(disabled.places()).isEmpty();
        assertThat(only(disabled.override(Map.of())).serving()).contains(one.unit());
    }

    @Test
    void aChangedDescriptionMovesTheUnitAndKeepsWhoIsAway() {
        Roster changed = away(roster(one, two), one).describe(two.unit(), spec(4, "/y"));
        assertThat(only(changed).spec()).isEqualTo(spec(4, "/y"));
        assertThat(only(changed.leave(two.unit())).blocks()).isTrue();
    }

    @Test
    void whatChangesNothingGivesTheSameRoster() {
        Roster roster = roster(one);
        assertThat(roster.leave(two.unit())).isSameAs(roster);
        assertThat(roster.away(two.unit())).isSameAs(roster);
        assertThat(roster.describe(two.unit(), spec(1))).isSameAs(roster);
        assertThat(roster.describe(one.unit(), one.spec())).isSameAs(roster);
        assertThat(roster.retire(Set.of(99L))).isSameAs(roster);
        assertThat(roster.reserve(List.of())).isSameAs(roster);
        assertThat(roster.override(Map.of())).isSameAs(roster);
        assertThat(roster.uninstalled(10)).isSameAs(roster);
    }

    @Test
    void theUnitThatJoinsOwnsTheName() {
        assertThat(roster(one).owner("auth")).contains("by.auth");
        assertThat(Roster.EMPTY.owner("auth")).isEmpty();
        assertThat(roster(one).leave(one.unit()).owner("auth")).isEmpty();
    }

    @Test
    void theNameGoesBackToWhoIsLeftWhenTheLastUnitOfItsOwnerLeaves() {
        Provider heir = new Provider(
                new Unit("auth", new UnitVersion(9, 0, 0, ""), "by.heir", 30, Parts.PASSES, null), one.spec());
        Roster handedOver = roster(one, heir);
        assertThat(handedOver.owner("auth")).contains("by.heir");
        assertThat(handedOver.leave(heir.unit()).owner("auth")).contains("by.auth");
        assertThat(handedOver.retire(Set.of(10L)).owner("auth")).contains("by.heir");
    }

    // ---- from one roster to the next

    @Test
    void whatStaysAsItWasKeepsItsPlace() {
        Provider log = provider("log", 1, 30);
        Provider last = provider("zip", 1, 40);
        Roster before = roster(one, log, last);
        List<Place> earlier = before.places();
        Roster after = before.retire(Set.of(10L)).join(two);
        List<Place> places = after.places(before, earlier);
        assertThat(places).isEqualTo(after.places());
        assertThat(places.get(0)).isNotSameAs(earlier.get(0));
        assertThat(places.get(1)).isSameAs(earlier.get(1));
        assertThat(places.get(2)).isSameAs(earlier.get(2));
    }

    /** Whatever is done to a roster, its places are those that it would have if nothing were kept of the ones before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void placesThatAreKeptAreThoseThatWouldBeMadeAnew(long seed) {
        Random random = new Random(seed);
        Roster before = Roster.EMPTY;
        List<Place> earlier = before.places();
        for (int change = 0; change < 400; change++) {
            Roster after = changed(before, random);
            List<Place> places = after.places(before, earlier);
            assertThat(places).isEqualTo(after.places());
            earlier = places;
            before = after;
        }
    }

    private static Roster changed(Roster roster, Random random) {
        String name = "m" + random.nextInt(6);
        List<Unit> units = roster.units().toList();
        Unit unit = units.isEmpty() ? provider("none", 1, 99).unit() : units.get(random.nextInt(units.size()));
        int bundleId = random.nextInt(40);
        return switch (random.nextInt(15)) {
            case 0 -> roster.leave(unit);
            case 1 -> roster.away(unit);
            case 2 -> roster.retire(Set.of(unit.bundleId()));
            case 3 -> roster.uninstalled(unit.bundleId());
            case 4 -> roster.describe(unit, spec(random.nextInt(5)));
            case 5 -> roster.endHolds(hold -> random.nextBoolean());
            case 6 -> roster.require(random.nextBoolean() ? Set.of(name, "not there") : Set.of());
            case 7 ->
                roster.override(Map.of(
                        name,
                        new PlaceOverride(
                                Optional.of(random.nextInt(5)),
                                Optional.empty(),
                                Optional.empty(),
                                random.nextBoolean())));
            case 8 -> roster.override(Map.of());
            case 9 ->
                roster.split(
                        random.nextBoolean()
                                ? List.of()
                                : List.of(new Split(
                                        name,
                                        List.of(
                                                new Share(unit.bundleId(), "one", 1 + random.nextInt(100)),
                                                new Share(1000, "other", 1)),
                                        Sticky.NONE)));
            case 10 ->
                roster.reserve(List.of(new Reservation(name, "by." + name, spec(random.nextInt(5)), Optional.empty())));
            default ->
                roster.join(provider(name, 1 + random.nextInt(3), bundleId, spec(random.nextInt(5)), Parts.PASSES));
        };
    }

    @Test
    void aBundleThatHasNothingToDoWithAPlaceDoesNotMakeItChangeItsOwner() {
        Unit other = new Unit(
                "auth",
                new UnitVersion(1, 0, 0, ""),
                "another",
                50,
                Parts.PASSES,
                getClass().getClassLoader());
        Roster away = away(roster(new Provider(other, spec(0)), two), two);
        assertThat(away.owner("auth")).contains("by.auth");
        assertThat(away.retire(Set.of(99L)).owner("auth")).contains("by.auth");
    }
}

package dev.sluice.chain.snapshot;

import dev.sluice.chain.split.Choice;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A place as it is with one of its versions.
 *
 * @param place the place
 * @param choice what decides whether that version is chosen; null if nothing else can be
 * @param option the number of the version in the choice
 */
record Branch(Place place, Choice choice, int option) {

    /** The places of a snapshot, each as often as it has versions that can be chosen, in the order of these. */
    static List<Branch> all(List<Place> places) {
        List<Branch> branches = places.stream().flatMap(Branch::of).toList();
        return branches.size() == places.size()
                ? branches
                : branches.stream().sorted(ORDER).toList();
    }

    private static final Comparator<Branch> ORDER = Comparator.comparing(Branch::place, Place.ORDER);

    private static Stream<Branch> of(Place place) {
        if (place.sharing().isEmpty()) {
            return Stream.of(new Branch(place, null, 0));
        }
        Sharing sharing = place.sharing().get();
        return IntStream.range(0, sharing.versions().size())
                .mapToObj(option -> new Branch(sharing.versions().get(option), sharing.choice(), option));
    }

    boolean isSure() {
        return choice == null;
    }
}

package dev.sluice.chain.snapshot;

import dev.sluice.chain.split.Choice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

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
        List<Branch> branches = new ArrayList<>(places.size());
        places.forEach(place -> add(place, branches));
        if (branches.size() > places.size()) {
            branches.sort(ORDER);
        }
        return Collections.unmodifiableList(branches);
    }

    private static final Comparator<Branch> ORDER = Comparator.comparing(Branch::place, Place.ORDER);

    private static void add(Place place, List<Branch> branches) {
        if (place.sharing().isEmpty()) {
            branches.add(new Branch(place, null, 0));
            return;
        }
        Sharing sharing = place.sharing().get();
        for (int option = 0; option < sharing.versions().size(); option++) {
            branches.add(new Branch(sharing.versions().get(option), sharing.choice(), option));
        }
    }

    boolean isSure() {
        return choice == null;
    }
}

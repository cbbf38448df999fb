package dev.sluice.chain.snapshot;

import dev.sluice.chain.split.Choice;
import java.util.List;

/**
 * How a place's requests are shared.
 *
 * @param choice the choice that is made for each request
 * @param versions for each option of the choice the place as it is with that version alone
 */
public record Sharing(Choice choice, List<Place> versions) {

    /** Keeps its own copy of the list. */
    public Sharing {
        versions = List.copyOf(versions);
    }

    /** {@return the part of all requests that a unit gets, of those that say nothing else; 0 if it isn't among these} */
    public double share(Unit unit) {
        double all = 0;
        double own = 0;
        for (int i = 0; i < versions.size(); i++) {
            int weight = choice.options().get(i).weight();
            all += weight;
            own += versions.get(i).serving().orElseThrow() == unit ? weight : 0;
        }
        return own / all;
    }
}

package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import dev.sluice.chain.path.PathPattern;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A middleware's position in one snapshot.
 *
 * @param name the middleware's name
 * @param owner the symbolic name that its versions come from; empty if it isn't known yet
 * @param spec where it stands, with the operator's override applied
 * @param serving the unit that serves, of several the one with a share that is the highest; empty while the unit is away
 * @param standbys the other units, highest version first
 * @param held whether its unit is expected back any moment, and requests wait for it
 * @param required whether an operator requires it, so that nothing passes without it whatever it says of itself
 * @param sharing how its requests are shared, where more than one unit serves
 */
public record Place(
        String name,
        String owner,
        Spec spec,
        Optional<Unit> serving,
        List<Unit> standbys,
        boolean held,
        boolean required,
        Optional<Sharing> sharing) {

    /** The highest ranking first, equal ones by name; never by age, which a swap changes. */
    static final Comparator<Place> ORDER = (one, other) -> {
        int byRanking = Integer.compare(other.spec.ranking(), one.spec.ranking());
        return byRanking != 0 ? byRanking : one.name.compareTo(other.name);
    };

    /** Where nobody says otherwise: all requests. */
    private static final Spec EVERYWHERE =
            new Spec(Integer.MAX_VALUE, List.of(PathPattern.parse("/*")), FailureMode.CLOSED);

    /** Keeps its own copy of the list. */
    public Place {
        standbys = List.copyOf(standbys);
    }

    private Place(
            String name,
            String owner,
            Spec spec,
            Optional<Unit> serving,
            List<Unit> standbys,
            boolean held,
            boolean required) {
        this(name, owner, spec, serving, standbys, held, required, Optional.empty());
    }

    /** Several units serve; it is shown as it is with the highest that has a share. */
    static Place shared(Sharing sharing, List<Unit> standbys) {
        int shown = 0;
        while (sharing.choice().options().get(shown).weight() == 0) {
            shown++;
        }
        Place of = sharing.versions().get(shown);
        return new Place(of.name, of.owner, of.spec, of.serving, standbys, false, of.required, Optional.of(sharing));
    }

    /** The first of the units serves. */
    static Place served(String name, String owner, Spec spec, List<Unit> units, boolean required) {
        List<Unit> standbys = units.subList(1, units.size());
        return new Place(name, owner, spec, Optional.of(units.get(0)), standbys, false, required);
    }

    static Place held(String name, String owner, Spec spec, List<Unit> standbys, boolean required) {
        return new Place(name, owner, spec, Optional.empty(), standbys, true, required);
    }

    static Place vacant(String name, String owner, Spec spec, boolean required) {
        return new Place(name, owner, spec, Optional.empty(), List.of(), false, required);
    }

    /** None of the units serves. */
    static Place blocked(String name, String owner, Spec spec, List<Unit> units, boolean required) {
        return new Place(name, owner, spec, Optional.empty(), units, false, required);
    }

    /** Required, and nothing is known of it, or an operator has disabled it: it keeps closed what it would stand before. */
    static Place requiredOnly(String name, PlaceOverride override) {
        return vacant(name, "", override.apply(EVERYWHERE), true);
    }

    /** {@return the units that serve} */
    public List<Unit> units() {
        return sharing.isEmpty()
                ? serving.stream().toList()
                : sharing.get().versions().stream()
                        .flatMap(version -> version.serving().stream())
                        .toList();
    }

    /** Shows the units that serve, without a list for each place. */
    void eachUnit(Consumer<Unit> reader) {
        if (sharing.isEmpty()) {
            serving.ifPresent(reader);
        } else {
            units().forEach(reader);
        }
    }

    /** {@return whether requests that match must be refused} */
    boolean blocks() {
        return serving.isEmpty() && !held && !failsOpen();
    }

    /** {@return whether requests go on without it when it fails or is missing} */
    boolean failsOpen() {
        return !required && spec.onFailure() == FailureMode.OPEN;
    }
}

package dev.sluice.chain.snapshot;

import dev.sluice.chain.FailureMode;
import java.util.List;
import java.util.Optional;

/**
 * A middleware's position in one snapshot.
 *
 * @param name the middleware's name
 * @param owner the symbolic name that its versions come from
 * @param spec where it stands, with the operator's override applied
 * @param serving the unit that serves; empty while the unit is away
 * @param standbys the other units, highest version first
 */
public record Place(String name, String owner, Spec spec, Optional<Unit> serving, List<Unit> standbys) {

    /** Keeps its own copy of the list. */
    public Place {
        standbys = List.copyOf(standbys);
    }

    /** {@return whether requests that match must be refused} */
    boolean blocks() {
        return serving.isEmpty() && spec.onFailure() == FailureMode.CLOSED;
    }
}

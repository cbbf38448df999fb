package dev.sluice.chain;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A place in the chain, as an observer sees it.
 *
 * @param name the middleware's name
 * @param owner the symbolic name that its versions come from
 * @param ranking higher runs earlier; an operator's override is applied
 * @param paths its path patterns; an operator's override is applied
 * @param onFailure what happens to requests when it fails or is missing
 * @param serving the unit that serves, or that would if its switch hadn't tripped; empty if the place is held, away or
 *     reserved. Of several that share its requests the highest that has a share, and what is said above is said by it
 * @param standbys the other versions, those that have tripped among them, highest first
 * @param held whether its unit is expected back any moment: requests on its paths wait
 * @param sharing the units that share its requests, the highest first, {@code serving} among them; empty unless several do
 * @param required whether an operator requires it: it is fail-closed while its unit is missing, whatever it says itself
 */
public record PlaceView(
        String name,
        String owner,
        int ranking,
        List<String> paths,
        FailureMode onFailure,
        Optional<UnitView> serving,
        List<UnitView> standbys,
        boolean held,
        List<UnitView> sharing,
        boolean required) {

    /** One whose requests aren't shared. */
    public PlaceView(
            String name,
            String owner,
            int ranking,
            List<String> paths,
            FailureMode onFailure,
            Optional<UnitView> serving,
            List<UnitView> standbys,
            boolean held,
            boolean required) {
        this(name, owner, ranking, paths, onFailure, serving, standbys, held, List.of(), required);
    }

    /** Keeps its own copies of the lists. */
    public PlaceView {
        paths = List.copyOf(paths);
        standbys = List.copyOf(standbys);
        sharing = List.copyOf(sharing);
    }

    /** {@return its units: those that serve, then the standbys} */
    public Stream<UnitView> units() {
        return Stream.concat(sharing.isEmpty() ? serving.stream() : sharing.stream(), standbys.stream());
    }

    /** {@return whether requests on its paths are refused because its unit is missing} */
    public boolean blocks() {
        return serving.isEmpty() && !held && (required || onFailure == FailureMode.CLOSED);
    }
}

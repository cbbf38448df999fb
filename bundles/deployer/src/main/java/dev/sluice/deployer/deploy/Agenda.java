package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.trial.BringUp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The undertakings that wait, and those under way. Those that touch each other follow one another in the order in which
 * they came; all others go on beside each other, so that one that hangs holds up nobody. Confined to the deployer's thread.
 */
final class Agenda {

    private final List<Undertaking> waiting = new ArrayList<>();
    private final List<Undertaking> underWay = new ArrayList<>();

    void add(Undertaking undertaking) {
        waiting.add(undertaking);
    }

    /** {@return one that may begin, if one may; it is under way from now on} */
    Optional<Undertaking> next() {
        List<Undertaking> before = new ArrayList<>(underWay);
        for (Iterator<Undertaking> all = waiting.iterator(); all.hasNext(); ) {
            Undertaking candidate = all.next();
            if (before.stream().noneMatch(candidate::touches)) {
                all.remove();
                underWay.add(candidate);
                return Optional.of(candidate);
            }
            before.add(candidate);
        }
        return Optional.empty();
    }

    void done(Undertaking undertaking) {
        underWay.remove(undertaking);
    }

    /** There is news of a file: what was undertaken about it before isn't wanted any more. */
    void supersede(String file) {
        all().forEach(undertaking -> undertaking.supersede(file));
    }

    boolean hasFile(String file) {
        return all().anyMatch(undertaking -> undertaking.hasFile(file));
    }

    /** {@return whether what is deployed from a file is about to leave, as the file has gone} */
    boolean isLeaving(String file) {
        return all().anyMatch(undertaking -> undertaking.gone().contains(file));
    }

    boolean has(Artifact artifact) {
        return all().anyMatch(undertaking -> undertaking.has(artifact));
    }

    /** {@return whether order counts between an undertaking and one of these} */
    boolean isTouchedBy(Undertaking undertaking) {
        return all().anyMatch(undertaking::touches);
    }

    boolean isIdle() {
        return waiting.isEmpty() && underWay.isEmpty();
    }

    boolean hasOthersUnderWay(Undertaking undertaking) {
        return underWay.stream().anyMatch(other -> other != undertaking);
    }

    /** {@return the bundles that others try, and why nothing should be wired to them yet} */
    Map<Long, String> undecided(Undertaking undertaking) {
        Map<Long, String> bundles = new HashMap<>();
        underWay.stream()
                .filter(other -> other != undertaking)
                .flatMap(other -> other.bringUp().stream())
                .forEach(other -> other.bundles()
                        .forEach((id, file) -> bundles.put(id, file + ", which has it, is being tried still")));
        return bundles;
    }

    Stream<Artifact> artifacts() {
        return all().flatMap(undertaking ->
                Stream.concat(undertaking.artifacts().stream(), undertaking.duplicates().values().stream()));
    }

    /** Leaves nothing of what is under way. */
    void abandon() {
        underWay.forEach(undertaking -> undertaking.bringUp().ifPresent(BringUp::abandon));
        underWay.clear();
        waiting.clear();
    }

    private Stream<Undertaking> all() {
        return Stream.concat(underWay.stream(), waiting.stream());
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.release.InUse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What leaves when others come: the other half of a change. Confined to the deployer's thread. */
final class Departures {

    private final Roster roster;
    private final InUse inUse;
    private final Supplier<Predicate<Deployed>> absences;

    /** @param absences tells what somebody has taken away, so that there is nothing to be taken over */
    Departures(Roster roster, InUse inUse, Supplier<Predicate<Deployed>> absences) {
        this.roster = roster;
        this.inUse = inUse;
        this.absences = absences;
    }

    /**
     * @param added what comes
     * @param duplicates the files that have the content of another, by name
     * @param gone the files that have left the folder
     */
    Change change(List<Candidate> added, Map<String, Artifact> duplicates, Set<String> gone) {
        Set<String> files = added.stream().map(Candidate::file).collect(Collectors.toSet());
        List<Deployed> leaving = new ArrayList<>();
        List<Change.Move> moves = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        for (Deployed deployed : leaving(files, duplicates, gone)) {
            Optional<Artifact> heir = heir(deployed, duplicates, taken);
            if (heir.isPresent()) {
                taken.add(heir.get().file());
                moves.add(Change.Move.renamed(deployed, heir.get()));
            } else {
                leaving.add(deployed);
            }
        }
        return new Change(added, leaving, moves, lingering(leaving), Motive.FOLDER);
    }

    private List<Deployed> leaving(Set<String> added, Map<String, Artifact> duplicates, Set<String> gone) {
        return roster.all().stream()
                .filter(deployed -> gone.contains(deployed.file())
                        || added.contains(deployed.file())
                        || duplicates.containsKey(deployed.file()))
                .toList();
    }

    /** A file with the same content takes over what is deployed already: a rename deploys nothing. */
    private Optional<Artifact> heir(Deployed deployed, Map<String, Artifact> duplicates, Set<String> taken) {
        if (deployed.isLost()) {
            return Optional.empty();
        }
        return duplicates.values().stream()
                .filter(duplicate -> duplicate.sha256().equals(deployed.sha256()))
                .filter(duplicate -> !taken.contains(duplicate.file()))
                .min(Comparator.comparing(Artifact::file))
                .filter(duplicate -> !absences.get().test(deployed));
    }

    /** {@return what is to be kept in the ledger though it leaves, as what stays is wired to it} */
    List<Deployed> lingering(List<Deployed> leaving) {
        Set<Long> bundles = bundles(leaving);
        return leaving.stream()
                .filter(deployed -> deployed.bundleId().isPresent() && !deployed.isLost())
                .filter(deployed ->
                        !inUse.users(deployed.bundleId().getAsLong(), bundles).isEmpty())
                .toList();
    }

    /** {@return the bundles that leave if artifacts come up from these files} */
    Set<Long> bundlesLeaving(Set<String> added, Map<String, Artifact> duplicates, Set<String> gone) {
        return bundles(leaving(added, duplicates, gone).stream()
                .filter(deployed -> heir(deployed, duplicates, Set.of()).isEmpty())
                .toList());
    }

    /** {@return the middleware that leave with what is deployed from a file, if other content of the file comes up} */
    Set<String> namesLeaving(String file, Map<String, Artifact> duplicates) {
        return roster.find(file)
                .filter(deployed -> heir(deployed, duplicates, Set.of()).isEmpty())
                .map(deployed -> deployed.artifact().places().stream()
                        .map(PublishedPlace::name)
                        .collect(Collectors.toUnmodifiableSet()))
                .orElse(Set.of());
    }

    private static Set<Long> bundles(Collection<Deployed> deployed) {
        return deployed.stream()
                .flatMapToLong(one -> one.bundleId().stream())
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Motive;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.leaving.InUse;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.trial.Candidate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
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
        Set<Artifact> comes = added.stream().map(one -> one.whole().artifact()).collect(Collectors.toSet());
        List<Deployed> leaving = new ArrayList<>();
        List<Change.Move> moves = new ArrayList<>();
        Map<String, Artifact> heirs = new HashMap<>();
        for (Deployed deployed : leaving(comes, duplicates, gone)) {
            String file = deployed.artifact().inFolder();
            if (isTakenBack(file, comes)) {
                leaving.add(deployed);
                continue;
            }
            Optional<Artifact> ofAll = roster.find(file)
                    .filter(Deployed::isRelease)
                    .flatMap(release ->
                            Optional.ofNullable(heirs.get(file)).or(() -> heir(release, duplicates, heirs.values())));
            // One that comes anew, in a release, goes before the one that was there.
            boolean comesAnew = added.stream()
                    .anyMatch(candidate -> candidate.artifact().sha256().equals(deployed.sha256()));
            Optional<Artifact> heir =
                    ofAll.or(() -> comesAnew ? Optional.empty() : heir(deployed, duplicates, heirs.values()));
            if (heir.isPresent()) {
                heirs.put(ofAll.isPresent() ? file : deployed.file(), heir.get());
                moves.add(
                        ofAll.isPresent() && deployed.artifact().isMember()
                                ? Change.Move.withItsRelease(
                                        deployed, heir.get().file())
                                : Change.Move.renamed(deployed, heir.get()));
            } else {
                leaving.add(deployed);
            }
        }
        return new Change(
                added,
                leaving,
                moves,
                lingering(leaving),
                Motive.FOLDER,
                List.of(),
                instead(leaving, comes, duplicates, gone));
    }

    /** {@return why files deploy nothing any more that haven't gone} */
    private Map<String, String> instead(
            List<Deployed> leaving, Set<Artifact> comes, Map<String, Artifact> duplicates, Set<String> gone) {
        Map<String, String> instead = new HashMap<>();
        for (Deployed deployed : leaving) {
            String file = deployed.file();
            if (!gone.contains(file)) {
                twin(duplicates.get(file))
                        .map(twin -> file + " has the content of " + twin)
                        .or(() -> comes.stream()
                                .filter(other -> Supersession.areRivals(deployed.artifact(), other))
                                .findFirst()
                                .map(other -> file + " is superseded by " + other.file()))
                        .ifPresent(why -> instead.put(file, why));
            }
        }
        return instead;
    }

    private Optional<String> twin(Artifact duplicate) {
        return Optional.ofNullable(duplicate).flatMap(one -> roster.all().stream()
                .filter(deployed -> deployed.sha256().equals(one.sha256())
                        && !deployed.file().equals(one.file()))
                .map(Deployed::file)
                .findFirst());
    }

    private List<Deployed> leaving(Set<Artifact> added, Map<String, Artifact> duplicates, Set<String> gone) {
        Set<String> files = new HashSet<>(gone);
        files.addAll(duplicates.keySet());
        added.forEach(artifact -> files.add(artifact.file()));
        List<Deployed> all = roster.all();
        // A release takes the place of another of its name, though that has a file of its own.
        all.stream()
                .map(Deployed::artifact)
                .filter(standing -> added.stream().anyMatch(comes -> Supersession.areRivals(standing, comes)))
                .forEach(standing -> files.add(standing.file()));
        return all.stream()
                .filter(deployed -> files.contains(deployed.artifact().inFolder()))
                .toList();
    }

    /** What has failed outright is to leave: a second file with its content would bring it back in the same publish. */
    private static boolean isTakenBack(String file, Set<Artifact> comes) {
        return comes.stream()
                .anyMatch(artifact -> artifact.file().equals(file)
                        && artifact.rolledBack().filter(RolledBack::isOwn).isPresent());
    }

    /** A file with the same content takes over what is deployed already: a rename deploys nothing. */
    private Optional<Artifact> heir(Deployed deployed, Map<String, Artifact> duplicates, Collection<Artifact> taken) {
        if (deployed.isLost()) {
            return Optional.empty();
        }
        return duplicates.values().stream()
                .filter(duplicate -> duplicate.sha256().equals(deployed.sha256()))
                .filter(duplicate -> !taken.contains(duplicate))
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
    Set<Long> bundlesLeaving(Set<Artifact> added, Map<String, Artifact> duplicates, Set<String> gone) {
        return bundles(leaving(added, duplicates, gone).stream()
                .filter(deployed -> isTakenBack(deployed.artifact().inFolder(), added)
                        || heir(deployed, duplicates, Set.of()).isEmpty())
                .toList());
    }

    /** {@return the middleware that leave with what is deployed from a file, if other content of the file comes up} */
    Set<String> namesLeaving(Artifact bundle, Artifact whole, Map<String, Artifact> duplicates) {
        Set<String> elsewhere = whole.bundles().stream()
                .filter(other -> other != bundle)
                .flatMap(other -> other.declaredNames().stream())
                .collect(Collectors.toSet());
        return roster.of(whole.file()).stream()
                .filter(deployed -> whole.release().isEmpty()
                        ? !deployed.artifact().isMember()
                        : deployed.artifact().symbolicName().equals(bundle.symbolicName()))
                .filter(deployed -> isTakenBack(whole.file(), Set.of(whole))
                        || heir(deployed, duplicates, Set.of()).isEmpty())
                .flatMap(deployed -> deployed.artifact().places().stream())
                .map(PublishedPlace::name)
                .filter(name -> !elsewhere.contains(name))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Long> bundles(Collection<Deployed> deployed) {
        return deployed.stream()
                .flatMapToLong(one -> one.bundleId().stream())
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }
}

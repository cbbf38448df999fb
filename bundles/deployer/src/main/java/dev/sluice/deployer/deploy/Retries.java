package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * When artifacts that failed for want of other bundles are tried again: with the next batch that changes something, and
 * also when something was published while they were tried, which came too late for them. Each retry follows a publish, so
 * that two which both fail don't keep each other going. Confined to the deployer's thread.
 */
final class Retries {

    private final Parts parts;
    private final Agenda agenda;

    /** Files that failed while others were tried, which may yet bring what they lack. */
    private final Set<String> besideOthers = new HashSet<>();

    private final Set<String> owed = new HashSet<>();
    private long publishes;

    Retries(Parts parts, Agenda agenda) {
        this.parts = parts;
        this.agenda = agenda;
    }

    long publishes() {
        return publishes;
    }

    /** Something was published. */
    void published() {
        publishes++;
        owed.addAll(besideOthers);
        besideOthers.clear();
    }

    /**
     * An undertaking has ended, and what failed of it waits.
     *
     * @param isLate whether others have published something since it began
     */
    void ended(Undertaking undertaking, boolean isLate) {
        for (Artifact artifact : parts.awaited().ofBundles()) {
            if (undertaking.hasFile(artifact.file())) {
                if (isLate) {
                    owed.add(artifact.file());
                } else if (!agenda.isIdle()) {
                    besideOthers.add(artifact.file());
                }
            }
        }
    }

    /** {@return what to try again together with a batch that changes something} */
    List<Artifact> withTheNext() {
        List<Artifact> again = new ArrayList<>();
        for (Artifact artifact : parts.awaited().ofBundles()) {
            if (agenda.hasFile(artifact.file())) {
                continue;
            }
            if (agenda.isTouchedBy(alone(artifact))) {
                // The batch would have to wait with it.
                owed.add(artifact.file());
            } else {
                owed.remove(artifact.file());
                again.add(artifact);
            }
        }
        return again;
    }

    /** {@return an undertaking of what is owed another try and can have it now} */
    Optional<Undertaking> due() {
        List<Artifact> now = parts.awaited().ofBundles().stream()
                .filter(artifact -> owed.contains(artifact.file()))
                .filter(artifact -> !agenda.isTouchedBy(alone(artifact)))
                .toList();
        now.forEach(artifact -> owed.remove(artifact.file()));
        return now.isEmpty() ? Optional.empty() : Optional.of(new Undertaking(now, Set.of(), parts.roster()::of));
    }

    private Undertaking alone(Artifact artifact) {
        return new Undertaking(List.of(artifact), Set.of(), parts.roster()::of);
    }
}

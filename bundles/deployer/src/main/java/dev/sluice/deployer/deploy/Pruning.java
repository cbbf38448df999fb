package dev.sluice.deployer.deploy;

import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.ledger.HistoryLimits;
import dev.sluice.deployer.ledger.PublishedArtifact;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the store needn't keep any more. Confined to the deployer's thread. */
final class Pruning {

    private final Parts parts;
    private final Duplicates duplicates;
    private final Agenda agenda;
    private final ReleaseGuards guards;

    Pruning(Parts parts, Duplicates duplicates, Agenda agenda, ReleaseGuards guards) {
        this.parts = parts;
        this.duplicates = duplicates;
        this.agenda = agenda;
        this.guards = guards;
    }

    /** Keeps what is in use or may be soon, and of what was published before as much as the limits allow. */
    void prune() {
        HistoryLimits limits = parts.ledger().limits();
        List<String> earlier = parts.ledger().history().newestFirst(limits).stream()
                .map(ContentView::sha256)
                .toList();
        parts.store().prune(inUse(), earlier, limits.bytes());
    }

    private Set<String> inUse() {
        Stream<String> wanted = Stream.of(
                        duplicates.all().stream(), parts.awaited().all().stream(), agenda.artifacts(), guards.earlier())
                .flatMap(artifacts -> artifacts)
                .flatMap(artifact -> Stream.concat(Stream.of(artifact), artifact.bundles().stream()))
                .map(Artifact::sha256);
        Stream<String> deployed = Stream.concat(
                parts.ledger().state().published().values().stream().map(PublishedArtifact::sha256),
                parts.roster().all().stream()
                        .flatMap(one -> Stream.of(one.sha256(), one.artifact().contentOfFile())));
        return Stream.concat(wanted, deployed).collect(Collectors.toUnmodifiableSet());
    }
}

package dev.sluice.deployer.deployed;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedPlace;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places that are kept for artifacts that should run and don't, by file. Those that were published are in the ledger as
 * such; those that are only declared get there when requests are admitted, and so outlive a restart. Confined to the
 * deployer's thread.
 */
public final class Reservations {

    private static final Logger LOG = LoggerFactory.getLogger(Reservations.class);

    private final ChainControl chain;
    private final Ledger ledger;
    private final Clock clock;
    private final Map<String, LedgerRecord.Reserved> declared = new TreeMap<>();
    private final Map<String, List<ReservedPlace>> published = new TreeMap<>();

    public Reservations(ChainControl chain, Ledger ledger, Clock clock) {
        this.chain = chain;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Keeps places from the start on, all at once: the chain has no moment without one that an earlier run has kept.
     *
     * @param byFile the places of what was published and doesn't run
     */
    public void begin(Map<String, List<ReservedPlace>> byFile) {
        declared.putAll(ledger.state().reserved());
        byFile.forEach((file, places) -> {
            if (!places.isEmpty()) {
                published.put(file, places);
            }
        });
        tellTheChain();
    }

    /** Keeps the places of what was published, until they are dropped. */
    public void put(String file, List<ReservedPlace> places) {
        if (!places.isEmpty() && !places.equals(published.put(file, places))) {
            tellTheChain();
        }
    }

    /** Keeps the places that artifacts declare. The manifest tells no ranking: they stand where the default one is. */
    void putDeclared(Collection<Artifact> artifacts) {
        List<LedgerRecord.Reserved> places = artifacts.stream()
                .flatMap(artifact -> artifact.bundles().stream())
                .map(this::declaredBy)
                .filter(one -> !one.places().isEmpty())
                .toList();
        places.forEach(one -> declared.put(one.file(), one));
        if (!places.isEmpty()) {
            tellTheChain();
        }
    }

    /** Files for which declared places are kept have other content: what that declares is kept instead. */
    void redeclare(Collection<Artifact> artifacts) {
        putDeclared(artifacts.stream()
                .filter(artifact -> declared.keySet().stream().anyMatch(isOf(Set.of(artifact.file()))))
                .toList());
        record();
    }

    private LedgerRecord.Reserved declaredBy(Artifact artifact) {
        return new LedgerRecord.Reserved(
                clock.instant(),
                artifact.file(),
                artifact.symbolicName(),
                artifact.declared().stream()
                        .map(one -> new PublishedPlace(
                                one.name().orElse(artifact.symbolicName()), 0, one.paths(), one.failOpen()))
                        .toList());
    }

    /** The file's artifact is there, or isn't wanted any more. */
    public void drop(String file) {
        drop(Set.of(file));
    }

    /** The same for several files. The chain publishes once: with each file on its own, many would take the square of their time. */
    public void drop(Set<String> files) {
        boolean wasPublished = published.keySet().removeIf(isOf(files));
        boolean wasDeclared = declared.keySet().removeIf(isOf(files));
        if (wasPublished || wasDeclared) {
            tellTheChain();
        }
        ledger.state().reserved().keySet().stream()
                .filter(isOf(files))
                .forEach(name -> append(new LedgerRecord.Reserved(clock.instant(), name, "", List.of())));
    }

    /** Of one of the files, or of what came in it. */
    private static Predicate<String> isOf(Set<String> files) {
        return name -> files.contains(name) || files.contains(ArtifactNames.file(name));
    }

    boolean has(String file) {
        return Stream.concat(declared.keySet().stream(), published.keySet().stream())
                .anyMatch(isOf(Set.of(file)));
    }

    /** Requests are admitted: a restart is to know the first start as complete, and what it has kept. */
    void opened() {
        if (!ledger.state().opened() && !ledger.state().published().isEmpty()) {
            append(new LedgerRecord.Opened(clock.instant(), ledger.damagedLines()));
        }
    }

    /** Has the ledger know of the declared places that are kept. */
    public void record() {
        declared.values().stream()
                .filter(one -> !one.equals(ledger.state().reserved().get(one.file())))
                .forEach(this::append);
    }

    private void append(LedgerRecord record) {
        try {
            ledger.append(record);
        } catch (IOException e) {
            // Whatever is missing, the next start admits requests later than it could, never earlier.
            LOG.error("The ledger can't be written ({}): look at the disk of the data directory", e.toString());
        }
    }

    private void tellTheChain() {
        List<ReservedPlace> places = new ArrayList<>();
        declared.values().forEach(one -> one.places()
                .forEach(place -> places.add(reserved(one.symbolicName(), place, Optional.empty()))));
        // Last, as it counts: what was published knows its ranking.
        published.values().forEach(places::addAll);
        chain.reserve(places);
    }

    static ReservedPlace reserved(String owner, PublishedPlace place, Optional<String> published) {
        return new ReservedPlace(
                place.name(),
                owner,
                place.ranking(),
                place.paths(),
                place.failOpen() ? FailureMode.OPEN : FailureMode.CLOSED,
                published);
    }
}

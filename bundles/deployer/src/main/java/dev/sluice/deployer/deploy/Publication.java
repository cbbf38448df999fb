package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ReleaseRule;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.Ledger;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.LedgerState;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Whole;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step publish: first the ledger, then the chain. A crash between the two brings up at the next start what was about to
 * be published; a crash before them what was published before. Confined to the deployer's thread.
 */
public final class Publication {

    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

    private final ChainControl chain;
    private final Ledger ledger;
    private final Rollouts rollouts;
    private final Clock clock;

    public Publication(ChainControl chain, Ledger ledger, Rollouts rollouts, Clock clock) {
        this.chain = chain;
        this.ledger = ledger;
        this.rollouts = rollouts;
        this.clock = clock;
    }

    /**
     * Publishes a change as one generation.
     *
     * @param decisions the operator's decisions that hold, by file
     * @return the candidates that the chain didn't take after all, and why; the ledger doesn't have them
     * @throws IOException if the ledger can't be written: nothing has changed
     */
    Map<Candidate, Failure> publish(Change change, Map<String, LedgerRecord.Decided> decisions) throws IOException {
        // Before the move itself: a crash in between must not bring back what an operator has stopped or uninstalled.
        for (Change.Move move : change.moves()) {
            LedgerRecord.Decided decided = decisions.get(move.deployed().file());
            if (decided != null) {
                ledger.append(new LedgerRecord.Decided(
                        decided.at(), move.file(), decided.sha256(), decided.decision(), decided.operator()));
            }
        }
        Map<String, String> highest = ledger.state().highest();
        for (LedgerRecord stale : stale(change)) {
            ledger.append(stale);
        }
        for (Beginning beginning : change.begins()) {
            ledger.append(beginning.record(clock.instant()));
        }
        for (LedgerRecord renamed : rollouts.renamed(change)) {
            ledger.append(renamed);
        }
        LedgerRecord.Published record = change.record(clock.instant());
        // A step of a rollout that the chain doesn't take is tried each second. The ledger has it from the first time
        // on.
        if (!ledger.says(record)) {
            ledger.append(record);
        }
        Map<Candidate, Failure> refused = toTheChain(change, change.cause());
        if (!refused.isEmpty()) {
            takeBack(change, refused.keySet(), without(refused.keySet(), change, highest));
            if (change.wholes().keySet().stream().anyMatch(Whole::isRelease)) {
                List<Candidate> published = new ArrayList<>(change.added());
                published.removeAll(refused.keySet());
                chain.publish(Set.of(), Set.of(), rollouts.splits(change, published), rules(), change.cause());
            }
        }
        return refused;
    }

    /** {@return the rules of the releases that the ledger has: they hold from the generation on in which these come} */
    private List<ReleaseRule> rules() {
        return ledger.state().published().values().stream()
                .flatMap(artifact -> artifact.release().stream()
                        .flatMap(release -> release.traffic().stream())
                        .map(texts -> new ReleaseRule(artifact.file(), texts)))
                .toList();
    }

    /** {@return that rollouts of what is published whole now are over} Their ends may not have been written down. */
    private List<LedgerRecord> stale(Change change) {
        Set<String> whole =
                change.added().stream().map(one -> one.artifact().sha256()).collect(Collectors.toSet());
        change.begins()
                .forEach(beginning ->
                        whole.remove(beginning.candidate().artifact().sha256()));
        return ledger.state().rollouts().values().stream()
                .filter(record -> whole.contains(record.candidate()))
                .<LedgerRecord>map(record -> new LedgerRecord.RolloutOver(clock.instant(), record.file()))
                .toList();
    }

    /** Publishes what the ledger has already. */
    public Map<Candidate, Failure> toTheChain(Change change, String cause) {
        try {
            long generation = chain.publish(
                    ids(change.added()),
                    bundles(change.leaving().stream()),
                    rollouts.splits(change, change.added()),
                    rules(),
                    cause);
            LOG.info("{}: generation {}", cause, generation);
            return Map.of();
        } catch (IllegalStateException e) {
            LOG.warn("{}: not as one generation ({}); publishing one by one", cause, e.getMessage());
            return publishOneByOne(change);
        }
    }

    /**
     * Finds the guilty: each candidate, or those of a release, with what it replaces, so that nothing goes whose successor
     * isn't there.
     */
    private Map<Candidate, Failure> publishOneByOne(Change change) {
        Map<Candidate, Failure> refused = new LinkedHashMap<>();
        List<Candidate> published = new ArrayList<>();
        Set<Long> rest = new HashSet<>(bundles(change.leaving().stream()));
        for (Map.Entry<Whole, List<Candidate>> one : change.wholes().entrySet()) {
            Set<Long> replaced = bundles(change.replacedBy(one.getKey()).stream());
            rest.removeAll(replaced);
            try {
                published.addAll(one.getValue());
                chain.publish(
                        ids(one.getValue()),
                        replaced,
                        rollouts.splits(change, published),
                        rules(),
                        "deploy " + one.getKey().file());
            } catch (IllegalStateException e) {
                published.removeAll(one.getValue());
                Failure failure = Failure.ofBundles("the chain doesn't publish it: " + e.getMessage());
                one.getValue().forEach(candidate -> refused.put(candidate, failure));
            }
        }
        if (!rest.isEmpty()) {
            chain.publish(Set.of(), rest, rollouts.splits(change, published), rules(), change.cause());
        }
        return refused;
    }

    private void takeBack(Change change, Set<Candidate> refused, Map<String, String> highest) {
        try {
            ledger.append(takenBack(change, refused));
            // What was never in the chain is no version that a later one could be lower than.
            ledger.append(new LedgerRecord.Highest(clock.instant(), highest));
        } catch (IOException e) {
            // The chain has the others already. The next start tries these again, and keeps their places closed
            // meanwhile.
            LOG.error("{}: what was refused can't be taken back from the ledger: {}", change.cause(), e.toString());
        }
    }

    /** {@return the highest versions under the names of what was refused, as if that had never been written down} */
    private static Map<String, String> without(Set<Candidate> refused, Change change, Map<String, String> before) {
        Map<String, String> highest = new HashMap<>();
        refused.forEach(candidate -> {
            String name = candidate.artifact().symbolicName();
            highest.put(name, before.getOrDefault(name, ""));
        });
        change.added().stream()
                .filter(candidate -> !refused.contains(candidate))
                .map(Candidate::artifact)
                .filter(artifact -> highest.containsKey(artifact.symbolicName()))
                .forEach(artifact -> highest.merge(artifact.symbolicName(), artifact.version(), LedgerState::higher));
        return highest;
    }

    private LedgerRecord takenBack(Change change, Set<Candidate> refused) {
        List<PublishedArtifact> before = new ArrayList<>();
        Set<String> removed = new LinkedHashSet<>();
        for (Candidate candidate : refused) {
            removed.add(candidate.file());
            removed.add(candidate.whole().file());
            change.asideOf(candidate).ifPresent(move -> {
                removed.add(move.file());
                before.add(move.deployed().artifact());
            });
            change.replacedBy(candidate.whole()).stream()
                    .map(Deployed::artifact)
                    .filter(old -> !before.contains(old))
                    .forEach(before::add);
        }
        before.forEach(old -> removed.removeIf(old.file()::equals));
        // What has come anew by the record goes again by this one.
        List<String> anew = change.anew();
        refused.stream().map(one -> one.whole().file()).filter(anew::contains).forEach(removed::add);
        return new LedgerRecord.Published(
                clock.instant(),
                change.motive().cause(),
                "taken back: " + change.cause(),
                before,
                List.copyOf(removed));
    }

    private static Set<Long> ids(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.bundleId().orElseThrow())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Set<Long> bundles(Stream<Deployed> deployed) {
        return deployed.flatMapToLong(one -> one.bundleId().stream()).boxed().collect(Collectors.toUnmodifiableSet());
    }
}

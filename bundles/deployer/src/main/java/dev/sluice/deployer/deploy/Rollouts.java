package dev.sluice.deployer.deploy;

import dev.sluice.chain.Split;
import dev.sluice.deployer.RolloutEvent;
import dev.sluice.deployer.RolloutView;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Roster;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.LedgerState;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.rollout.Rollout;
import dev.sluice.deployer.rollout.policy.Policies;
import dev.sluice.deployer.trial.Candidate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rollouts that are under way. Each is about a candidate and what stays beside it, which are both in the roster.
 * Confined to the deployer's thread; before it starts, to the one that brings back what was published.
 */
public final class Rollouts {

    private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

    private final Roster roster;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Policies policies;
    private final Consumer<RolloutEvent> observers;
    private final Map<String, Rolling> byFile = new LinkedHashMap<>();

    /** For any thread. */
    private volatile List<RolloutView> views = List.of();

    /**
     * @param nanos the clock that the times of steps are measured by
     * @param policies how what comes is rolled out
     * @param observers hears of each edge; must not wait
     */
    public Rollouts(
            Roster roster, Clock clock, LongSupplier nanos, Policies policies, Consumer<RolloutEvent> observers) {
        this.roster = roster;
        this.clock = clock;
        this.nanos = nanos;
        this.policies = policies;
        this.observers = observers;
    }

    Policies policies() {
        return policies;
    }

    /** {@return what an observer sees of them; for any thread} */
    public List<RolloutView> views() {
        return views;
    }

    /** Shows them as they are now. */
    void show() {
        List<RolloutView> now = new ArrayList<>();
        for (Rolling rolling : all()) {
            view(rolling).ifPresent(view -> {
                rolling.lastView(view);
                now.add(view);
            });
        }
        now.sort(Comparator.comparing(RolloutView::file));
        views = List.copyOf(now);
    }

    Optional<RolloutView> view(Rolling rolling) {
        return candidate(rolling).flatMap(to -> beside(rolling).map(from -> Showing.of(rolling, from, to)));
    }

    void tell(RolloutEvent.Kind kind, String message, Optional<RolloutView> view) {
        view.ifPresent(one -> observers.accept(new RolloutEvent(kind, clock.instant(), message, one)));
    }

    Clock clock() {
        return clock;
    }

    LongSupplier nanos() {
        return nanos;
    }

    List<Rolling> all() {
        return List.copyOf(byFile.values());
    }

    Optional<Rolling> find(String file) {
        return Optional.ofNullable(byFile.get(file));
    }

    void add(Rolling rolling) {
        byFile.put(rolling.file(), rolling);
    }

    void remove(Rolling rolling) {
        byFile.remove(rolling.file(), rolling);
    }

    /** {@return whether that is the name of what only stays beside a candidate of the same file} */
    public boolean isBeside(String name) {
        return byFile.values().stream()
                .anyMatch(
                        rolling -> rolling.isOfOneFile() && rolling.besideFile().equals(name));
    }

    Optional<Deployed> candidate(Rolling rolling) {
        return deployed(rolling.file(), rolling.candidate());
    }

    Optional<Deployed> beside(Rolling rolling) {
        return deployed(rolling.besideFile(), rolling.beside());
    }

    private Optional<Deployed> deployed(String file, String sha256) {
        return roster.find(file).filter(one -> one.sha256().equals(sha256));
    }

    /** {@return how requests are shared as things are} */
    Collection<Split> splits() {
        return splits(Change.of(List.of(), List.of()), List.of());
    }

    /**
     * {@return how requests are shared when a change is published}
     *
     * @param published those of its candidates that are published with it, or were already
     */
    Collection<Split> splits(Change change, Collection<Candidate> published) {
        Map<String, Rolling> rollings = new LinkedHashMap<>(byFile);
        change.begins().stream()
                .filter(beginning -> published.contains(beginning.candidate()))
                .forEach(beginning -> rollings.put(beginning.candidate().file(), beginning.rolling()));
        List<Split> splits = new ArrayList<>();
        for (Rolling rolling : rollings.values()) {
            OptionalLong candidate = bundle(rolling.candidate(), rolling.file(), change, published);
            OptionalLong beside = bundle(rolling.beside(), rolling.besideFile(), change, published);
            if (candidate.isPresent() && beside.isPresent()) {
                splits.add(rolling.split(candidate.getAsLong(), beside.getAsLong()));
            }
        }
        return splits;
    }

    private OptionalLong bundle(String sha256, String file, Change change, Collection<Candidate> published) {
        for (Candidate candidate : published) {
            if (candidate.artifact().sha256().equals(sha256) && candidate.file().equals(file)) {
                return candidate.bundleId();
            }
        }
        for (Change.Move move : change.moves()) {
            if (move.file().equals(file) && move.deployed().sha256().equals(sha256)) {
                return move.deployed().bundleId();
            }
        }
        return deployed(file, sha256)
                .filter(one -> !change.leaving().contains(one) && !one.isLost())
                .map(Deployed::bundleId)
                .orElseGet(OptionalLong::empty);
    }

    /**
     * A change is published, and the roster is as it says.
     *
     * @return the rollouts that it has ended, as what they were about has left
     */
    List<Rolling> published(Change change, Set<Candidate> refused) {
        change.moves().stream()
                .filter(move -> move.why() == Change.Move.Why.RENAMED)
                .forEach(move -> renamed(move.deployed().file(), move.file()));
        change.begins().stream()
                .filter(beginning -> !refused.contains(beginning.candidate()))
                .forEach(beginning -> add(beginning.rolling()));
        List<Rolling> ended = all().stream()
                .filter(rolling ->
                        candidate(rolling).isEmpty() || beside(rolling).isEmpty())
                .toList();
        ended.forEach(this::remove);
        return ended;
    }

    /** {@return what is to be written of rollouts whose files have other names with a change} */
    List<LedgerRecord> renamed(Change change) {
        List<LedgerRecord> records = new ArrayList<>();
        for (Change.Move move : change.moves()) {
            String before = move.deployed().file();
            all().stream()
                    .filter(rolling -> move.why() == Change.Move.Why.RENAMED)
                    .filter(rolling -> rolling.file().equals(before)
                            || rolling.besideFile().equals(before))
                    .map(rolling -> rolling.record(clock.instant()).renamed(before, move.file()))
                    .forEach(records::add);
        }
        return records;
    }

    private void renamed(String before, String now) {
        for (Rolling rolling : all()) {
            byFile.remove(rolling.file());
            rolling.renamed(before, now);
            byFile.put(rolling.file(), rolling);
        }
    }

    /** Takes up what the ledger says is under way, and is published; before that is brought back. */
    public void restore(LedgerState state) {
        for (LedgerRecord.RollingOut record : state.rollouts().values()) {
            Optional<PublishedArtifact> candidate = published(state, record.file(), record.candidate());
            Optional<PublishedArtifact> beside = published(state, record.besideFile(), record.beside());
            // Where there are two records of it, the one with the name that it has counts.
            boolean isByName =
                    candidate.filter(one -> one.file().equals(record.file())).isPresent();
            if (candidate.isPresent()
                    && beside.isPresent()
                    && (isByName || !byFile.containsKey(candidate.get().file()))) {
                rollout(record)
                        .ifPresent(rollout -> add(new Rolling(
                                candidate.get().file(),
                                candidate.get().symbolicName(),
                                record.candidate(),
                                beside.get().file(),
                                record.beside(),
                                rollout)));
            }
        }
    }

    /**
     * {@return what was published with a content} The process may have ended between the record of a new name and the publish
     * under it. Content is deployed from one file alone, so it tells which is meant.
     */
    private static Optional<PublishedArtifact> published(LedgerState state, String file, String sha256) {
        return Optional.ofNullable(state.published().get(file))
                .filter(artifact -> artifact.sha256().equals(sha256))
                .or(() -> state.published().values().stream()
                        .filter(artifact -> artifact.isOfAFile() != LedgerRecord.RollingOut.isOfOneFile(file))
                        .filter(artifact -> artifact.sha256().equals(sha256))
                        .findFirst());
    }

    private Optional<Rollout> rollout(LedgerRecord.RollingOut record) {
        try {
            return Optional.of(Rollout.restore(record.progress(), nanos, clock));
        } catch (RuntimeException e) {
            // Written by another version of the container: the candidate has what it had, and all of the rest.
            LOG.error("The rollout of {} can't be taken up again: {}", record.file(), e.toString());
            return Optional.empty();
        }
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.LedgerState;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.rollout.judge.Before;
import dev.sluice.deployer.rollout.judge.Judge;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches releases that have taken the place of earlier content of their file, for as long as the policies of their bundles have
 * a version bake. If one of the bundles fails outright or trips meanwhile, the earlier release comes back as one, as if an
 * operator had rolled the file back. A release is known by its content here, which is deployed from one file alone: so it is
 * watched under whatever name that has. Confined to the deployer's thread; a restart forgets it.
 */
final class ReleaseGuards {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseGuards.class);

    /** Has earlier content deployed in the place of what its file has. */
    interface TakeBack {
        /** {@return what comes of it; empty if there is other news of the file, which comes first} */
        Optional<CompletableFuture<RollBack>> begin(Artifact earlier, String reason, Cause cause);
    }

    private final Parts parts;
    private final TakeBack takeBack;
    private final Observation observation;
    private final Map<String, Guarded> byContent = new LinkedHashMap<>();

    /** Of a change that is about to be published: what is known of what leaves, by file; and the highest versions before. */
    private final Map<String, Map<String, Before>> known = new HashMap<>();

    private Map<String, String> highest = Map.of();

    /** The contents that are written down as taken back by a change that is about to be published. */
    private final Set<String> takenBack = new HashSet<>();

    ReleaseGuards(Parts parts, TakeBack takeBack) {
        this.parts = parts;
        this.takeBack = takeBack;
        this.observation = new Observation(parts);
    }

    /** {@return what has a release tried once more that was taken back} */
    static String remedy(String file) {
        return "to try it once more roll it forward (POST /api/v1/rollforward, with file=" + file
                + "), or put other content there";
    }

    /**
     * A change is about to be published: what is known of what leaves with it is lost then. What comes is observed from here on,
     * so that nothing that it does is missed.
     */
    void prepare(Change change) {
        known.clear();
        takenBack.clear();
        change.wholes().keySet().forEach(this::remember);
        List<Whole> wholes = change.wholes().keySet().stream()
                .filter(whole -> earlier(whole, change).isPresent())
                .toList();
        Set<Candidate> come = bakes(wholes, change).keySet();
        if (come.isEmpty()) {
            return;
        }
        highest = parts.ledger().state().highest();
        Set<Long> observed = new HashSet<>(watched());
        come.forEach(candidate -> observed.add(candidate.bundleId().orElseThrow()));
        observation.observe(observed);
        for (Whole whole : wholes) {
            Map<String, Before> its = known.computeIfAbsent(whole.file(), any -> new HashMap<>());
            leaving(whole, change).forEach(deployed -> deployed.bundleId()
                    .ifPresent(bundle -> its.putAll(observation.lately(bundle))));
        }
    }

    /** Before the publish: a crash in between must not let a copy of it in. If nothing comes of that it is forgotten. */
    private void remember(Whole whole) {
        whole.artifact()
                .rolledBack()
                .filter(RolledBack::isOwn)
                .flatMap(decision -> Optional.ofNullable(byContent.get(decision.from())))
                .ifPresent(guarded -> guarded.finding().ifPresent(finding -> {
                    try {
                        remember(whole.file(), guarded, why(finding.reason()));
                        takenBack.add(guarded.sha256());
                    } catch (IOException e) {
                        LOG.error("{}: that it is taken back can't be written down: {}", whole.file(), e.toString());
                    }
                }));
    }

    private void remember(String file, Guarded guarded, String why) throws IOException {
        parts.trialLog()
                .takenBack(guarded.sha256(), file, why, true, parts.clock().instant());
    }

    private static String why(String reason) {
        return "its release was taken back: " + reason;
    }

    /** Nothing of it was published after all. */
    void notPublished() {
        takenBack.forEach(parts.trialLog()::forgive);
        isOver();
    }

    private void isOver() {
        takenBack.clear();
        known.clear();
        observeTheWatched();
    }

    private void observeTheWatched() {
        observation.observe(watched());
    }

    private Map<Candidate, RolloutPolicy> bakes(List<Whole> wholes, Change change) {
        Map<Candidate, RolloutPolicy> bakes = new HashMap<>();
        change.added().stream()
                .filter(candidate -> wholes.contains(candidate.whole()) && !candidate.isLibrary())
                .forEach(candidate -> policy(candidate)
                        .filter(policy -> !policy.bake().isZero())
                        .ifPresent(policy -> bakes.put(candidate, policy)));
        return bakes;
    }

    private Optional<RolloutPolicy> policy(Candidate candidate) {
        Choice choice = parts.rollouts()
                .policies()
                .choose(candidate.artifact().symbolicName(), Deployed.names(candidate.published()));
        return choice instanceof Choice.Chosen chosen ? Optional.of(chosen.policy()) : Optional.empty();
    }

    private static List<Deployed> leaving(Whole whole, Change change) {
        return change.leaving().stream()
                .filter(deployed -> deployed.artifact().inFolder().equals(whole.file()))
                .toList();
    }

    /** {@return what would come back; nothing if an operator goes back himself, or there is nothing whole} */
    private Optional<Artifact> earlier(Whole whole, Change change) {
        List<Deployed> its = leaving(whole, change);
        return its.stream()
                .filter(deployed -> whole.isRelease() && deployed.isRelease() && !deployed.isLost())
                .filter(deployed -> whole.artifact().rolledBack().isEmpty())
                .findFirst()
                .flatMap(deployed -> Recalled.whole(deployed.artifact(), its, parts.store()::find));
    }

    /** A change was published. */
    void published(Change change, Set<Candidate> refused) {
        byContent.values().removeIf(guarded -> standing(guarded).isEmpty());
        List<Whole> wholes = change.wholes().entrySet().stream()
                .filter(one -> one.getValue().stream().noneMatch(refused::contains))
                .map(Map.Entry::getKey)
                .filter(whole -> known.containsKey(whole.file()))
                .toList();
        for (Whole whole : wholes) {
            Map<Candidate, RolloutPolicy> bakes = bakes(List.of(whole), change);
            if (!bakes.isEmpty()) {
                Guarded guarded = guarded(whole, change, bakes);
                byContent.put(guarded.sha256(), guarded);
                observation.countFromNothing(guarded);
            }
        }
        change.wholes().forEach((whole, its) -> {
            if (its.stream().anyMatch(refused::contains)) {
                whole.artifact()
                        .rolledBack()
                        .map(RolledBack::from)
                        .filter(takenBack::contains)
                        .ifPresent(parts.trialLog()::forgive);
            }
        });
        isOver();
    }

    private Guarded guarded(Whole whole, Change change, Map<Candidate, RolloutPolicy> bakes) {
        List<Guarded.Baking> bundles = new ArrayList<>();
        bakes.forEach((candidate, policy) -> bundles.add(new Guarded.Baking(
                candidate.bundleId().orElseThrow(),
                policy.bake(),
                new Judge(policy.tolerances(), 1, 0, (1 - policy.confidence()) / bakes.size(), Map.of()))));
        return new Guarded(
                earlier(whole, change).orElseThrow(),
                whole.artifact(),
                now(),
                bundles,
                known.get(whole.file()),
                highest);
    }

    private long now() {
        return parts.rollouts().nanos().getAsLong();
    }

    /** {@return what may come back soon} */
    Stream<Artifact> earlier() {
        return byContent.values().stream().map(Guarded::earlier);
    }

    private Set<Long> watched() {
        long now = now();
        return byContent.values().stream()
                .flatMap(guarded -> guarded.watched(now).stream())
                .collect(Collectors.toSet());
    }

    private Optional<Deployed> standing(Guarded guarded) {
        return parts.roster().all().stream()
                .filter(Deployed::isRelease)
                .filter(deployed -> deployed.sha256().equals(guarded.sha256()))
                .findFirst();
    }

    /** {@return whether a file has a release that fails outright, and goes as soon as it can} */
    boolean isToGoBack(String file) {
        return failing(file).isPresent();
    }

    private Optional<Guarded> failing(String file) {
        return byContent.values().stream()
                .filter(guarded -> guarded.finding().isPresent())
                .filter(guarded -> standing(guarded)
                        .filter(deployed -> deployed.file().equals(file))
                        .isPresent())
                .findFirst();
    }

    /**
     * An operator wants what a file has itself, whatever is wrong with it.
     *
     * @return whether it was to be taken back
     */
    boolean keep(String file, String operator) {
        Optional<Guarded> kept = failing(file);
        kept.ifPresent(guarded -> {
            byContent.remove(guarded.sha256());
            LOG.warn(
                    "{} fails outright, and stays, as operator {} wants it: {}",
                    file,
                    operator,
                    guarded.finding().orElseThrow().reason());
        });
        return kept.isPresent();
    }

    /** Looks at all of them. To be called every second or so. */
    void tick() {
        if (byContent.isEmpty() && observation.isOfNobody() || parts.isGoingAway()) {
            return;
        }
        observation.lookBegins();
        try {
            List.copyOf(byContent.values()).forEach(this::look);
        } finally {
            observeTheWatched();
            observation.lookEnds();
        }
    }

    private void look(Guarded guarded) {
        Optional<Deployed> release = standing(guarded);
        if (release.isEmpty()) {
            byContent.remove(guarded.sha256());
            return;
        }
        Optional<Guarded.Finding> finding = observation.look(guarded, now());
        if (finding.isPresent() && guarded.isDue(now())) {
            takeBack(release.get(), guarded, finding.get());
        } else if (guarded.isOver(now())) {
            byContent.remove(guarded.sha256());
        }
    }

    /** One try: if the earlier one doesn't come up any more this one serves on. What only hinders it passes. */
    private void takeBack(Deployed release, Guarded guarded, Guarded.Finding finding) {
        String file = release.file();
        String reason = finding.reason();
        guarded.hindrance().ifPresent(why -> parts.board()
                .alarm(
                        Endings.alarm(file),
                        file + " fails outright, and couldn't be taken back yet: " + reason + "; " + why
                                + "; it is tried again"));
        Optional<CompletableFuture<RollBack>> asked = takeBack.begin(guarded.earlier(release), reason, finding.cause());
        if (asked.isEmpty()) {
            // What is on its way may mend it, or fail. Until then it stays under watch.
            return;
        }
        LOG.warn("{} fails outright, and is taken back: {}", file, reason);
        guarded.underWay();
        asked.get().thenAccept(answer -> ended(file, guarded, finding, answer));
    }

    private void ended(String file, Guarded guarded, Guarded.Finding finding, RollBack answer) {
        if (answer.isDone()) {
            byContent.remove(guarded.sha256());
            tookBack(file, guarded, finding.reason());
        } else if (answer.outcome() == RollBack.Outcome.FAILED) {
            byContent.remove(guarded.sha256());
            parts.board()
                    .alarm(
                            Endings.alarm(file),
                            file + " fails outright, and couldn't be taken back: " + finding.reason() + "; "
                                    + answer.message());
        } else if (!parts.isGoingAway() && byContent.get(guarded.sha256()) == guarded) {
            LOG.warn("{} couldn't be taken back yet: {}", file, answer.message());
            guarded.hindered(answer.message(), now());
        }
    }

    private void tookBack(String file, Guarded guarded, String reason) {
        String why = why(reason);
        try {
            remember(file, guarded, why);
            parts.ledger().append(new LedgerRecord.Highest(parts.clock().instant(), highestWithout(guarded)));
        } catch (IOException e) {
            LOG.error("{}: that it was taken back can't be written down: {}", file, e.toString());
        }
        parts.board().alarm(Endings.alarm(file), file + ": " + why + "; " + remedy(file));
    }

    /** {@return the highest versions as if it had never been published} What mends it may have a version in between. */
    private Map<String, String> highestWithout(Guarded guarded) {
        LedgerState state = parts.ledger().state();
        Map<String, String> without = new HashMap<>();
        guarded.release().bundles().stream()
                .filter(bundle -> bundle.version().equals(state.highest().get(bundle.symbolicName())))
                .forEach(bundle ->
                        without.put(bundle.symbolicName(), guarded.highest().getOrDefault(bundle.symbolicName(), "")));
        state.published().values().stream()
                .filter(one -> !one.isRelease() && one.isOfAFile() && without.containsKey(one.symbolicName()))
                .filter(one -> !state.isRolledOut(one))
                .forEach(one -> without.merge(one.symbolicName(), one.version(), LedgerState::higher));
        return without;
    }
}

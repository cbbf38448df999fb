package dev.sluice.deployer.deploy;

import dev.sluice.chain.Figures;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Judge;
import dev.sluice.deployer.rollout.judge.Observed;
import dev.sluice.deployer.rollout.judge.Verdict;
import dev.sluice.deployer.rollout.policy.Choice;
import dev.sluice.deployer.rollout.policy.RolloutPolicy;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Whole;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches releases that have taken the place of earlier content of their file, for as long as the policies of their bundles have
 * a version bake. If one of the bundles fails outright meanwhile, the earlier release comes back as one, as if an operator had
 * rolled the file back. Confined to the deployer's thread; a restart forgets it.
 */
final class ReleaseGuards {

    private static final Logger LOG = LoggerFactory.getLogger(ReleaseGuards.class);

    /**
     * A release under watch.
     *
     * @param earlier what was deployed from its file before
     * @param sha256 its digest
     * @param since when it was published
     * @param bake for how long it is watched
     * @param judges who judges its bundles, by their ids
     * @param before what is known of the middleware of the earlier one, by name
     */
    private record Guarded(
            Artifact earlier,
            String sha256,
            long since,
            Duration bake,
            Map<Long, Judge> judges,
            Map<String, Observed> before) {}

    private final Parts parts;
    private final BiFunction<Artifact, String, CompletableFuture<RollBack>> takeBack;
    private final Map<String, Guarded> byFile = new TreeMap<>();
    private final Map<String, Map<String, Observed>> known = new HashMap<>();

    /** @param takeBack has earlier content deployed in the place of what its file has, for a reason */
    ReleaseGuards(Parts parts, BiFunction<Artifact, String, CompletableFuture<RollBack>> takeBack) {
        this.parts = parts;
        this.takeBack = takeBack;
    }

    /** A change is about to be published: what is known of what leaves with it is lost then. */
    void prepare(Change change) {
        known.clear();
        List<Whole> wholes = change.wholes().keySet().stream()
                .filter(whole -> earlier(whole, change).isPresent())
                .toList();
        if (wholes.isEmpty() || bakes(wholes, change).isEmpty()) {
            return;
        }
        Set<Long> olds = wholes.stream()
                .flatMap(whole -> leaving(whole, change).stream())
                .flatMap(deployed -> deployed.bundleId().stream().boxed())
                .collect(Collectors.toSet());
        olds.addAll(watched());
        observe(olds);
        for (Whole whole : wholes) {
            Map<String, Observed> its = known.computeIfAbsent(whole.file(), any -> new HashMap<>());
            leaving(whole, change).forEach(deployed -> deployed.bundleId().ifPresent(bundle -> parts.chain()
                    .figures(bundle)
                    .forEach(figures -> its.put(figures.middleware(), Seen.before(figures)))));
        }
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
        List<Whole> wholes = change.wholes().entrySet().stream()
                .filter(one -> one.getValue().stream().noneMatch(refused::contains))
                .map(Map.Entry::getKey)
                .filter(whole -> known.containsKey(whole.file()))
                .toList();
        for (Whole whole : wholes) {
            Map<Candidate, RolloutPolicy> bakes = bakes(List.of(whole), change);
            Map<Long, Judge> judges = new HashMap<>();
            bakes.forEach((candidate, policy) -> judges.put(
                    candidate.bundleId().orElseThrow(),
                    new Judge(policy.tolerances(), 1, 0, (1 - policy.confidence()) / bakes.size(), Map.of())));
            Duration longest = bakes.values().stream()
                    .map(RolloutPolicy::bake)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
            if (!judges.isEmpty()) {
                byFile.put(
                        whole.file(),
                        new Guarded(
                                earlier(whole, change).orElseThrow(),
                                whole.artifact().sha256(),
                                parts.rollouts().nanos().getAsLong(),
                                longest,
                                judges,
                                known.get(whole.file())));
            }
        }
        if (!known.isEmpty()) {
            known.clear();
            observe(watched());
        }
    }

    /** {@return what may come back soon} */
    Stream<Artifact> earlier() {
        return byFile.values().stream().map(Guarded::earlier);
    }

    private Set<Long> watched() {
        return byFile.values().stream()
                .flatMap(guarded -> guarded.judges().keySet().stream())
                .collect(Collectors.toSet());
    }

    private void observe(Set<Long> bundles) {
        try {
            parts.chain().observe(bundles);
        } catch (RuntimeException e) {
            // The chain is away. What isn't observed isn't judged.
            LOG.warn("What releases do can't be counted: {}", e.toString());
        }
    }

    /** Looks at all of them. To be called every second or so. */
    void tick() {
        if (byFile.isEmpty() || parts.isGoingAway()) {
            return;
        }
        Set<Long> before = watched();
        for (Map.Entry<String, Guarded> one : new ArrayList<>(byFile.entrySet())) {
            look(one.getKey(), one.getValue());
        }
        if (!watched().equals(before)) {
            observe(watched());
        }
    }

    private void look(String file, Guarded guarded) {
        boolean stands = parts.roster()
                .find(file)
                .filter(deployed -> deployed.sha256().equals(guarded.sha256()))
                .isPresent();
        Optional<String> finding = stands ? finding(guarded) : Optional.empty();
        boolean isOver = parts.rollouts().nanos().getAsLong() - guarded.since()
                > guarded.bake().toNanos();
        if (!stands || isOver || finding.isPresent()) {
            byFile.remove(file);
        }
        finding.ifPresent(reason -> takeBack(file, guarded, reason));
    }

    private Optional<String> finding(Guarded guarded) {
        for (Map.Entry<Long, Judge> one : guarded.judges().entrySet()) {
            Map<String, Arms> arms = new TreeMap<>();
            for (Figures figures : parts.chain().figures(one.getKey())) {
                Observed now = Seen.observed(figures);
                Observed known = guarded.before().get(figures.middleware());
                arms.put(figures.middleware(), known == null ? Arms.alone(now) : Arms.after(now, known));
            }
            if (one.getValue().look(arms) instanceof Verdict.Bad bad) {
                return Optional.of(bad.reason());
            }
        }
        return Optional.empty();
    }

    /** One try: if the earlier one doesn't come up any more this one serves on. */
    private void takeBack(String file, Guarded guarded, String reason) {
        LOG.warn("{} fails outright, and is taken back: {}", file, reason);
        takeBack.apply(guarded.earlier(), reason).thenAccept(answer -> {
            if (answer.isDone()) {
                tookBack(file, guarded, reason);
            } else {
                parts.board()
                        .alarm(
                                Endings.alarm(file),
                                file + " fails outright, and couldn't be taken back: " + reason + "; "
                                        + answer.message());
            }
        });
    }

    private void tookBack(String file, Guarded guarded, String reason) {
        String why = "its release was taken back: " + reason + "; copy the file again to try it once more, or put other"
                + " content there";
        try {
            parts.trialLog()
                    .takenBack(guarded.sha256(), file, why, true, parts.clock().instant());
        } catch (IOException e) {
            LOG.error("{}: that it was taken back can't be written down: {}", file, e.toString());
        }
        parts.board().alarm(Endings.alarm(file), file + ": " + why);
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import dev.sluice.deployer.status.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Brings artifacts up together, from verified to probed: install, resolve, claim, start, probe. One that fails takes down
 * those that are wired to it, and these are tried again without it, for they may find what they need elsewhere.
 */
public final class BringUp {

    /**
     * What came of it.
     *
     * @param good probed and ready to be published
     * @param failed why each of the others isn't
     */
    public record Result(List<Candidate> good, Map<Artifact, Failure> failed) {}

    private final Installation installation;
    private final Trials trials;
    private final Function<String, Set<String>> namesBefore;

    /** Brings up what takes the place of nothing. */
    public BringUp(Installation installation, Trials trials) {
        this(installation, trials, file -> Set.of());
    }

    /** @param namesBefore the middleware that leave with what is deployed from a file until now */
    BringUp(Installation installation, Trials trials, Function<String, Set<String>> namesBefore) {
        this.installation = installation;
        this.trials = trials;
        this.namesBefore = namesBefore;
    }

    /**
     * @param artifacts what to bring up
     * @param entries the entry of each
     * @param leaving the bundles that leave if these files succeed: nothing new is wired to them
     */
    public Result bringUp(
            Collection<Artifact> artifacts,
            Function<Artifact, Entry> entries,
            Function<Set<String>, Set<Long>> leaving) {
        List<Candidate> good = new ArrayList<>();
        Map<Artifact, Failure> failed = new LinkedHashMap<>();
        Map<Long, String> failedBundles = new HashMap<>();
        List<Candidate> toTakeAway = new ArrayList<>();
        List<Artifact> toTry = List.copyOf(artifacts);
        while (!toTry.isEmpty()) {
            List<Candidate> round = toTry.stream()
                    .map(artifact ->
                            new Candidate(artifact, entries.apply(artifact), namesBefore.apply(artifact.file())))
                    .toList();
            Set<String> files = new HashSet<>();
            round.forEach(candidate -> files.add(candidate.file()));
            good.forEach(candidate -> files.add(candidate.file()));
            attempt(round, leaving.apply(files), failedBundles);
            boolean someFailedForGood = false;
            List<Artifact> again = new ArrayList<>();
            for (Candidate candidate : round) {
                if (candidate.isGood()) {
                    good.add(candidate);
                    continue;
                }
                Failure failure = candidate.failure().orElseThrow();
                fail(candidate, failure, failedBundles);
                toTakeAway.add(candidate);
                failed.put(candidate.artifact(), failure);
                if (isOfBundles(failure)) {
                    again.add(candidate.artifact());
                } else {
                    someFailedForGood = true;
                }
            }
            // Each round that goes on has lost one for good, so there are at most as many rounds as artifacts.
            toTry = someFailedForGood ? again : List.of();
            toTry.forEach(failed::remove);
        }
        // Not before: what needs one of them in a later round is told so by looking at it.
        toTakeAway.forEach(installation::takeAway);
        return new Result(good, failed);
    }

    private void attempt(List<Candidate> round, Set<Long> leaving, Map<Long, String> failedBundles) {
        round.forEach(installation::install);
        installation.resolve(good(round), leaving, failedBundles);
        good(round).forEach(installation::claim);
        trials.run(good(round));
        takeDownTheDependent(round);
    }

    /** Whoever is wired to a failed bundle would run on classes that are gone after a restart. */
    private void takeDownTheDependent(List<Candidate> round) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Candidate candidate : good(round)) {
                for (Candidate other : round) {
                    if (!other.isGood() && installation.isWired(candidate, other)) {
                        candidate.failed(Failure.ofBundles("needs " + other.file() + ", which failed: "
                                + other.failure().orElseThrow().message()));
                        changed = true;
                        break;
                    }
                }
            }
        }
    }

    private void fail(Candidate candidate, Failure failure, Map<Long, String> failedBundles) {
        OptionalLong bundle = candidate.bundleId();
        bundle.ifPresent(
                id -> failedBundles.put(id, candidate.file() + ", which has it, failed: " + failure.message()));
        candidate.entry().to(DeploymentState.FAILED, failure.message());
    }

    private static List<Candidate> good(List<Candidate> round) {
        return round.stream().filter(Candidate::isGood).collect(Collectors.toList());
    }

    private static boolean isOfBundles(Failure failure) {
        return failure.waits() instanceof Waits.ForBundles;
    }
}

package dev.sluice.deployer.trial;

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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings artifacts up together, from verified to probed: install, resolve, claim, start, probe. One that fails takes down
 * those that are wired to it, and these are tried again without it, for they may find what they need elsewhere.
 *
 * <p>It goes in rounds. What a round begins runs on threads of its own; all else happens in {@link #begin} and {@link #end},
 * which never wait. For one thread at a time.
 */
public final class BringUp {

    /**
     * What came of it.
     *
     * @param good probed and ready to be published
     * @param failed why each of the others isn't
     */
    public record Result(List<Candidate> good, Map<Artifact, Failure> failed) {}

    /** What surrounds it; asked anew at each round. */
    public interface Surroundings {
        /** {@return the entry of an artifact} */
        Entry entry(Artifact artifact);

        /** {@return a new entry for a bundle that came in a release} */
        Entry memberEntry(Artifact member);

        /** {@return the bundles that leave if these files succeed: nothing new is wired to them} */
        Set<Long> leaving(Set<String> files);

        /** {@return the middleware that leave with what a bundle takes the place of} */
        default Set<String> namesBefore(Artifact bundle, Artifact whole) {
            return Set.of();
        }

        /** {@return bundles that nothing may be wired to as it isn't known whether they will stay, and what they are} */
        default Map<Long, String> undecided() {
            return Map.of();
        }
    }

    private final Installation installation;
    private final Trials trials;
    private final Surroundings surroundings;
    private final Function<Artifact, Entry> entries;
    private final List<Candidate> good = new ArrayList<>();
    private final Map<Artifact, Failure> failed = new LinkedHashMap<>();
    private final Map<Long, String> failedBundles = new HashMap<>();
    private final List<Candidate> toTakeAway = new ArrayList<>();
    private List<Artifact> toTry;
    private List<Candidate> round = List.of();

    /** @param artifacts what to bring up */
    public BringUp(
            Installation installation, Trials trials, Surroundings surroundings, Collection<Artifact> artifacts) {
        this.installation = installation;
        this.trials = trials;
        this.surroundings = surroundings;
        this.toTry = List.copyOf(artifacts);
        Map<Artifact, Entry> known = new HashMap<>();
        this.entries = artifact -> known.computeIfAbsent(artifact, surroundings::entry);
    }

    /** Does all of it on the calling thread, and waits for the trials. */
    public Result run() {
        while (!isOver()) {
            begin().join();
            end();
        }
        return result();
    }

    /** {@return whether there is nothing more to try} */
    public boolean isOver() {
        return toTry.isEmpty() && round.isEmpty();
    }

    /**
     * Begins a round.
     *
     * @return completes, on any thread, when the round can be ended; complete already if there is nothing to wait for
     */
    public CompletableFuture<Void> begin() {
        round = toTry.stream().flatMap(this::candidates).toList();
        toTry = List.of();
        Set<String> files = new HashSet<>();
        all().forEach(candidate -> files.add(candidate.whole().file()));
        round.forEach(installation::install);
        Map<Long, String> unusable = new HashMap<>(surroundings.undecided());
        unusable.putAll(failedBundles);
        installation.resolve(goodOnes(round), surroundings.leaving(files), unusable);
        goodOnes(round).forEach(installation::claim);
        return trials.begin(goodOnes(round));
    }

    private Stream<Candidate> candidates(Artifact artifact) {
        Whole whole = new Whole(artifact, entries.apply(artifact));
        whole.tried();
        return artifact.bundles().stream()
                .map(bundle -> new Candidate(
                        bundle,
                        whole,
                        whole.isRelease() ? surroundings.memberEntry(bundle) : whole.entry(),
                        surroundings.namesBefore(bundle, artifact)));
    }

    /** Ends a round, when its trials are over. */
    public void end() {
        round.forEach(Candidate::endTrial);
        round.forEach(installation::checkThatItStands);
        takeDownTheOthers();
        boolean someFailedForGood = false;
        List<Artifact> again = new ArrayList<>();
        for (List<Candidate> whole :
                byWhole(all().stream().filter(candidate -> !candidate.isGood()).toList())) {
            Failure failure = Together.failure(whole);
            fail(whole, failure);
            if (isOfBundles(failure)) {
                again.add(whole.get(0).whole().artifact());
            } else {
                someFailedForGood = true;
            }
        }
        List<Candidate> stillGood = goodOnes(all());
        good.clear();
        good.addAll(stillGood);
        round = List.of();
        // Each round that goes on has lost one for good, so there are at most as many rounds as artifacts.
        toTry = someFailedForGood ? List.copyOf(again) : List.of();
        toTry.forEach(failed::remove);
        if (toTry.isEmpty()) {
            // Not before: what needs one of them in a later round is told so by looking at it.
            toTakeAway.forEach(installation::takeAway);
            toTakeAway.clear();
        }
    }

    /** {@return what came of it, when it is over} */
    public Result result() {
        return new Result(List.copyOf(good), new LinkedHashMap<>(failed));
    }

    /** A file has other content by now, or has gone: what it had isn't wanted any more. */
    public void supersede(String file) {
        all().stream()
                .filter(candidate -> candidate.whole().file().equals(file))
                .forEach(Candidate::supersede);
        failed.keySet().removeIf(artifact -> artifact.file().equals(file));
    }

    /** {@return the bundles that it tries, or has tried with success, and their files} */
    public Map<Long, String> bundles() {
        Map<Long, String> bundles = new HashMap<>();
        all().forEach(candidate -> candidate.bundleId().ifPresent(id -> bundles.put(id, candidate.file())));
        return bundles;
    }

    /** {@return whether an artifact is part of it that hasn't failed} */
    public boolean isTrying(Artifact artifact) {
        return toTry.contains(artifact)
                || all().stream()
                        .anyMatch(candidate ->
                                candidate.whole().artifact().equals(artifact) && !candidate.isSuperseded());
    }

    /** Leaves nothing of it. */
    public void abandon() {
        all().forEach(Candidate::supersede);
        round.forEach(Candidate::endTrial);
        Stream.concat(all().stream(), toTakeAway.stream()).forEach(installation::takeAway);
        all().forEach(Candidate::forget);
    }

    private static Collection<List<Candidate>> byWhole(List<Candidate> candidates) {
        return candidates.stream()
                .collect(Collectors.groupingBy(
                        candidate -> candidate.whole().file(), LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private List<Candidate> all() {
        return Stream.concat(good.stream(), round.stream()).toList();
    }

    /**
     * Whoever is wired to a failed bundle would run on classes that are gone after a restart; and whoever came in one release
     * with it doesn't come without it.
     */
    private void takeDownTheOthers() {
        List<Candidate> all = all();
        boolean changed = true;
        while (changed) {
            changed = Together.takeDown(all);
            for (Candidate candidate : goodOnes(all)) {
                for (Candidate other : all) {
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

    private void fail(List<Candidate> whole, Failure failure) {
        for (Candidate candidate : whole) {
            candidate
                    .bundleId()
                    .ifPresent(id ->
                            failedBundles.put(id, candidate.file() + ", which has it, failed: " + failure.message()));
            toTakeAway.add(candidate);
            candidate.forget();
        }
        Candidate one = whole.get(0);
        if (!one.isSuperseded()) {
            one.whole().entry().to(DeploymentState.FAILED, failure.message());
            failed.put(one.whole().artifact(), failure);
        }
    }

    private static List<Candidate> goodOnes(List<Candidate> candidates) {
        return candidates.stream().filter(Candidate::isGood).toList();
    }

    private static boolean isOfBundles(Failure failure) {
        return failure.waits() instanceof Waits.ForBundles;
    }
}

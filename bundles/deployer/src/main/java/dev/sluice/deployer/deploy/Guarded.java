package dev.sluice.deployer.deploy;

import dev.sluice.chain.ChainControl;
import dev.sluice.deployer.Cause;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.rollout.judge.Arms;
import dev.sluice.deployer.rollout.judge.Before;
import dev.sluice.deployer.rollout.judge.Judge;
import dev.sluice.deployer.rollout.judge.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A release under watch: it has all requests, and may go back. Confined to the deployer's thread. */
final class Guarded {

    /** How long a taking back that couldn't be done for now isn't tried again. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /**
     * One of its bundles.
     *
     * @param bundle its id
     * @param bake for how long it is watched
     */
    record Baking(long bundle, Duration bake, Judge judge) {}

    /**
     * What is wrong with it.
     *
     * @param reason what, as a sentence
     * @param cause what has found it
     */
    record Finding(String reason, Cause cause) {}

    private final Artifact earlier;
    private final Artifact release;
    private final long since;
    private final List<Baking> bundles;
    private final Map<String, Before> before;
    private final Map<String, String> highest;
    private Optional<Finding> finding = Optional.empty();
    private boolean isUnderWay;
    private Optional<String> hindrance = Optional.empty();
    private long notBefore;

    /**
     * @param earlier what was deployed from its file before
     * @param release itself, as it was published
     * @param since when it was published, in nanoseconds
     * @param bundles those of it that are watched
     * @param before what is known of the middleware of the earlier one, by name
     * @param highest the highest versions that were published before it, by symbolic name
     */
    Guarded(
            Artifact earlier,
            Artifact release,
            long since,
            List<Baking> bundles,
            Map<String, Before> before,
            Map<String, String> highest) {
        this.earlier = earlier;
        this.release = release;
        this.since = since;
        this.bundles = List.copyOf(bundles);
        this.before = Map.copyOf(before);
        this.highest = Map.copyOf(highest);
        this.notBefore = since;
    }

    String sha256() {
        return release.sha256();
    }

    Artifact release() {
        return release;
    }

    Map<String, String> highest() {
        return highest;
    }

    /** {@return what may come back soon, under the name that its file had} */
    Artifact earlier() {
        return earlier;
    }

    /** {@return the same as its file is called now, and the release in it: one without a name of its own is called after it} */
    Artifact earlier(Deployed now) {
        Artifact renamed = earlier.named(now.file());
        return earlier.symbolicName().equals(release.symbolicName())
                ? renamed.called(now.artifact().symbolicName())
                : renamed;
    }

    /** {@return the bundles that are still watched} */
    Set<Long> watched(long now) {
        return baking(now).map(Baking::bundle).collect(Collectors.toSet());
    }

    private Stream<Baking> baking(long now) {
        return bundles.stream().filter(one -> now - since <= one.bake().toNanos());
    }

    /** It has just been published, and was observed before: all that comes counts. */
    void countFromNothing(ChainControl chain) {
        for (Baking one : bundles) {
            Map<String, Arms> arms = Seen.of(chain, one.bundle(), before);
            arms.replaceAll((middleware, seen) -> seen.nothing());
            one.judge().look(arms);
        }
    }

    /** {@return what is wrong with it, from when that was first seen on; empty if nothing is} */
    Optional<Finding> look(ChainControl chain, long now) {
        if (finding.isEmpty()) {
            finding = baking(now).flatMap(one -> finding(one, chain).stream()).findFirst();
        }
        return finding;
    }

    private Optional<Finding> finding(Baking one, ChainControl chain) {
        Optional<String> trip = Seen.trip(chain, one.bundle());
        if (trip.isPresent()) {
            // Evidence enough. What it is kept from since then says nothing of it any more.
            return Optional.of(new Finding(trip.get(), Cause.TRIP));
        }
        return one.judge().look(Seen.of(chain, one.bundle(), before)) instanceof Verdict.Bad bad
                ? Optional.of(new Finding(bad.reason(), Cause.ROLLOUT))
                : Optional.empty();
    }

    /** {@return what is wrong with it, as far as that was seen} */
    Optional<Finding> finding() {
        return finding;
    }

    /** {@return whether nothing was wrong, and nobody watches any more} What is wrong keeps it until it is taken back. */
    boolean isOver(long now) {
        return finding.isEmpty() && baking(now).findAny().isEmpty();
    }

    /** {@return whether it may be taken back now, as nobody is about to} */
    boolean isDue(long now) {
        return !isUnderWay && now - notBefore >= 0;
    }

    void underWay() {
        isUnderWay = true;
    }

    /** It couldn't be taken back for now. */
    void hindered(String why, long now) {
        isUnderWay = false;
        hindrance = Optional.of(why);
        notBefore = now + PAUSE.toNanos();
    }

    /** {@return why it couldn't be taken back the last time} */
    Optional<String> hindrance() {
        return hindrance;
    }
}

package dev.sluice.deployer.trial;

import dev.sluice.chain.Claim;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.ProbeResult;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.DeclaredMiddleware;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.status.Entry;
import dev.sluice.unload.Departure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An artifact on its way in. Confined to the deployer's thread, except for what never changes. */
public final class Candidate {

    private final Artifact artifact;
    private final Whole whole;
    private final Entry entry;
    private final Set<String> namesBefore;
    private OptionalLong bundleId = OptionalLong.empty();
    private Optional<Claim> claim = Optional.empty();
    private List<ProbeResult.Ready> ready = List.of();
    private Optional<Failure> failure = Optional.empty();
    private Optional<String> note = Optional.empty();
    private Optional<Trial> trial = Optional.empty();
    private boolean abandoned;
    private boolean superseded;
    private boolean failedWithOthers;

    /** For one that takes the place of nothing. */
    public Candidate(Artifact artifact, Entry entry) {
        this(artifact, new Whole(artifact, entry), entry, Set.of());
    }

    /**
     * @param whole what it is part of
     * @param namesBefore the middleware that what it replaces provides: they are expected of it too
     */
    Candidate(Artifact artifact, Whole whole, Entry entry, Set<String> namesBefore) {
        this.artifact = artifact;
        this.whole = whole;
        this.entry = entry;
        this.namesBefore = Set.copyOf(namesBefore);
    }

    public Artifact artifact() {
        return artifact;
    }

    /** {@return what it is part of: what its file deploys} */
    public Whole whole() {
        return whole;
    }

    public Entry entry() {
        return entry;
    }

    public String file() {
        return artifact.file();
    }

    /** {@return the names that it says it will bring} */
    Set<String> declaredNames() {
        return artifact.declared().stream()
                .map(DeclaredMiddleware::name)
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    Set<String> namesBefore() {
        return namesBefore;
    }

    /** {@return what it leaves as, if it does} As far as nothing has come up, the middleware are those that it is to bring. */
    Departure departure() {
        List<String> names = Stream.of(
                        declaredNames().stream(),
                        namesBefore.stream(),
                        ready.stream().map(ProbeResult.Ready::name))
                .flatMap(Function.identity())
                .distinct()
                .sorted()
                .toList();
        return new Departure(file(), artifact.sha256(), names);
    }

    void installed(long id) {
        bundleId = OptionalLong.of(id);
        entry.bundle(id);
    }

    public OptionalLong bundleId() {
        return bundleId;
    }

    void claimed(Claim given) {
        claim = Optional.of(given);
    }

    Optional<Claim> claim() {
        return claim;
    }

    /** Its trial has begun. */
    void tried(Trial begun) {
        trial = Optional.of(begun);
    }

    /** Takes over what its trial has found. */
    void endTrial() {
        trial.ifPresent(ended -> {
            Trial.Outcome outcome = ended.outcome().join();
            if (outcome instanceof Trial.Outcome.Good good && isGood()) {
                probed(good.ready(), good.note());
            } else if (outcome instanceof Trial.Outcome.Bad bad) {
                abandoned = bad.underWay();
                failure = failure.or(() -> Optional.of(bad.failure()));
            }
        });
        trial = Optional.empty();
    }

    /** Its file has other content by now, or has gone: it fails, and nobody is told. */
    void supersede() {
        superseded = true;
        failure = Optional.of(Trials.superseded());
        trial.ifPresent(running -> running.giveUp(Trials.superseded()));
    }

    boolean isSuperseded() {
        return superseded;
    }

    private void probed(List<ProbeResult.Ready> results, Optional<String> remark) {
        ready = List.copyOf(results);
        note = remark;
        entry.middleware(ready.stream().map(ProbeResult.Ready::name).sorted().toList());
    }

    /** {@return what an operator should know of it though it is published} */
    public Optional<String> note() {
        return note;
    }

    public boolean isLibrary() {
        return ready.isEmpty();
    }

    void failed(Failure reason) {
        failure = Optional.of(reason);
    }

    /** It is good itself, but doesn't come without others, which aren't. */
    void failedWithOthers() {
        failedWithOthers = true;
        failed(Failure.ofBundles("its release failed"));
    }

    boolean hasFailedWithOthers() {
        return failedWithOthers;
    }

    /** It isn't deployed. What is said of that is said of what its file deploys. */
    public void forget() {
        if (whole.isRelease()) {
            entry.abandon();
        }
    }

    /** {@return whether it was given up: its trial's own thread takes the bundle away when it comes to an end} */
    boolean isAbandoned() {
        return abandoned;
    }

    public Optional<Failure> failure() {
        return failure;
    }

    public boolean isGood() {
        return failure.isEmpty();
    }

    /** {@return what the ledger is to have of it} */
    public PublishedArtifact published() {
        return new PublishedArtifact(
                artifact.file(),
                artifact.sha256(),
                artifact.symbolicName(),
                artifact.version(),
                ready.stream()
                        .map(result -> new PublishedPlace(
                                result.name(),
                                result.place().ranking(),
                                result.place().paths(),
                                result.place().onFailure() == FailureMode.OPEN))
                        .toList(),
                artifact.rolledBack());
    }

    public Deployed deployed() {
        return new Deployed(published(), bundleId, entry, false);
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.trial.BringUp;
import dev.sluice.deployer.trial.Candidate;
import dev.sluice.deployer.trial.Whole;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of which nothing comes because of what is deployed from another file, their twin, until that goes: it has the same
 * content, or is a release of the same name that goes before theirs. Confined to the deployer's thread.
 */
final class Duplicates {

    private static final Logger LOG = LoggerFactory.getLogger(Duplicates.class);

    private final Parts parts;
    private final Failures failures;
    private final Consumer<String> lookAgain;
    private final Map<String, Artifact> byFile = new HashMap<>();

    /** Those whose twin only stays beside a candidate: that isn't taken over, and nobody knows yet what becomes of it. */
    private final Map<String, Artifact> ofBeside = new HashMap<>();

    /** The files whose twin isn't what they have themselves. */
    private final Set<String> standIns = new HashSet<>();

    /** The contents of files that weren't tried, as they are known to be bad. */
    private final Map<String, String> condemned = new HashMap<>();

    /** @param lookAgain has the watch hand over a file once more, as if it were new */
    Duplicates(Parts parts, Failures failures, Consumer<String> lookAgain) {
        this.parts = parts;
        this.failures = failures;
        this.lookAgain = lookAgain;
    }

    /** {@return all of them, by file, as they are at any time} */
    Map<String, Artifact> byFile() {
        return Collections.unmodifiableMap(byFile);
    }

    /** {@return the same, and those that can't take anything over} */
    Collection<Artifact> all() {
        return Stream.concat(byFile.values().stream(), ofBeside.values().stream())
                .toList();
    }

    /** {@return all of them, and those that an undertaking has found, by file} */
    Map<String, Artifact> with(Undertaking undertaking) {
        Map<String, Artifact> both = new HashMap<>(byFile);
        both.putAll(undertaking.duplicates());
        return both;
    }

    /** The file has gone, or has other content. */
    void remove(String file) {
        byFile.remove(file);
        ofBeside.remove(file);
        standIns.remove(file);
        condemned.remove(file);
    }

    /** It isn't tried. If somebody has another file with its content tried, and that is deployed, it is a duplicate. */
    void condemned(Artifact artifact) {
        condemned.put(artifact.file(), artifact.sha256());
    }

    /** What another file deployed goes on under the name of this one, which has other content itself. */
    void standsIn(String file) {
        standIns.add(file);
    }

    /** The file has taken over what was its twin's. If it has other content itself, what becomes of that is to be said anew. */
    void tookOver(String file) {
        boolean isStandIn = standIns.contains(file);
        remove(file);
        if (isStandIn) {
            lookAgain.accept(file);
        }
    }

    /** A change was published: what still stands in for other content has become of another file, and says nothing of this. */
    void tookOver() {
        List<String> left = standIns.stream().filter(byFile::containsKey).toList();
        left.forEach(this::tookOver);
    }

    /**
     * Takes out what has the content that only stays beside a candidate of another file.
     *
     * @param gone the files that have left the folder: what stays beside their content leaves with that
     * @return the others
     */
    List<Artifact> withoutThoseBeside(Collection<Artifact> artifacts, Set<String> gone) {
        List<Artifact> others = new ArrayList<>();
        for (Artifact artifact : artifacts) {
            Optional<String> twin = beside(artifact).filter(file -> !gone.contains(file));
            if (twin.isEmpty()) {
                others.add(artifact);
                continue;
            }
            String message =
                    "same content as " + twin.get() + " had before, which stays beside until the rollout is over";
            if (!parts.wishes().refused(artifact, message)) {
                ofBeside.put(artifact.file(), artifact);
                say(artifact, DeploymentState.DUPLICATE, message);
            }
        }
        return others;
    }

    /** {@return the file beside whose candidate that content stays, if it is another} */
    private Optional<String> beside(Artifact artifact) {
        return parts.rollouts().all().stream()
                .filter(Rolling::isOfOneFile)
                .filter(rolling -> rolling.beside().equals(artifact.sha256())
                        && !rolling.file().equals(artifact.file()))
                .map(Rolling::file)
                .findFirst();
    }

    /**
     * Rollouts may be over: what waited for one is looked at anew, and what has lost its twin, as that was taken back, or has
     * one now.
     */
    void look() {
        List<String> over = Stream.of(
                        ofBeside.values().stream()
                                .filter(artifact -> beside(artifact).isEmpty())
                                .map(Artifact::file),
                        byFile.values().stream().filter(this::isWithoutTwin).map(Artifact::file),
                        condemned.keySet().stream().filter(this::isGoodAfterAll))
                .flatMap(files -> files)
                .toList();
        over.forEach(this::remove);
        over.forEach(lookAgain);
    }

    private boolean isGoodAfterAll(String file) {
        String sha256 = condemned.get(file);
        return !parts.trialLog().knows(sha256)
                && parts.roster().all().stream()
                        .anyMatch(deployed -> deployed.sha256().equals(sha256)
                                && !deployed.artifact().inFolder().equals(file));
    }

    private boolean isWithoutTwin(Artifact artifact) {
        return parts.attempts()
                        .find(artifact.file())
                        .filter(entry -> entry.state() == DeploymentState.DUPLICATE)
                        .isPresent()
                && parts.roster().all().stream()
                        .noneMatch(deployed -> deployed.sha256().equals(artifact.sha256()));
    }

    /** {@return those that waited beside what leaves with its file; from now on the caller's} */
    private List<Artifact> heirsOfBeside(Set<String> gone) {
        List<Artifact> heirs = ofBeside.values().stream()
                .filter(artifact -> beside(artifact).filter(gone::contains).isPresent())
                .filter(artifact -> !gone.contains(artifact.file()))
                .toList();
        heirs.forEach(heir -> ofBeside.remove(heir.file()));
        return heirs;
    }

    /** An undertaking has found one. It counts when that is over: its twin may fail still. */
    void found(BatchPlan.Duplicate duplicate, Undertaking undertaking) {
        Artifact artifact = duplicate.artifact();
        undertaking.duplicates().put(artifact.file(), artifact);
        say(artifact, duplicate.state(), duplicate.message());
    }

    private void say(Artifact artifact, DeploymentState state, String message) {
        Entry entry = parts.attempts().at(artifact.file());
        if (entry.state() == state) {
            entry.because(message);
        } else {
            entry.to(state, message);
        }
        parts.folder().clearMarker(artifact.file());
    }

    static String message(PublishedArtifact twin, Artifact duplicate) {
        return twin.sha256().equals(duplicate.sha256()) ? "same content as " + twin.file() : Supersession.message(twin);
    }

    /** A file has gone, or has other content: it isn't what waited there. */
    void left(String file, String sha256) {
        String kept = parts.ledger().state().superseded().get(file);
        if (kept != null && !kept.equals(sha256)) {
            write(file, "");
        }
    }

    /** Also after a restart it is deployed when the other file goes, as it is said of it. */
    private void keep(Artifact release) {
        if (!release.sha256().equals(parts.ledger().state().superseded().get(release.file()))) {
            write(release.file(), release.sha256());
        }
    }

    private void write(String file, String sha256) {
        try {
            parts.ledger().append(new LedgerRecord.Superseded(parts.clock().instant(), file, sha256));
        } catch (IOException e) {
            LOG.warn("What waits in {} behind another release can't be written down: {}", file, e.toString());
        }
    }

    /** Another release of its name stays, though it was to leave. */
    void superseded(Artifact release, String message) {
        byFile.put(release.file(), release);
        keep(release);
        say(release, DeploymentState.SUPERSEDED, message);
    }

    /** Releases have left with a publish, though their files are still there, as others of their names have come. */
    void superseded(Change change, Set<Candidate> refused, Set<String> gone) {
        Set<Whole> came = new HashSet<>(change.wholes().keySet());
        refused.forEach(candidate -> came.remove(candidate.whole()));
        Set<String> files = came.stream().map(Whole::file).collect(Collectors.toSet());
        for (Deployed left : change.leaving()) {
            came.stream()
                    .filter(whole -> Supersession.areRivals(left.artifact(), whole.artifact()))
                    .filter(whole -> !gone.contains(left.file()) && !files.contains(left.file()))
                    .findFirst()
                    .ifPresent(whole -> superseded(left, change.leaving(), whole));
        }
    }

    /** What its file has itself, if it was rolled back, is handed over once more. */
    private void superseded(Deployed left, List<Deployed> leaving, Whole whole) {
        List<Deployed> its = leaving.stream()
                .filter(deployed -> deployed.artifact().inFolder().equals(left.file()))
                .toList();
        Optional<Artifact> kept = left.artifact().rolledBack().isPresent()
                ? Optional.empty()
                : Recalled.whole(left.artifact(), its, parts.store()::find);
        if (kept.isEmpty() || parts.attempts().find(left.file()).isPresent()) {
            lookAgain.accept(left.file());
            return;
        }
        parts.attempts().at(left.file()).identified(kept.get());
        superseded(kept.get(), Supersession.message(whole.file(), whole.artifact()));
    }

    /**
     * What takes over from releases that leave; from now on the caller's.
     *
     * @param gone the files that have left the folder
     * @param news what is to be deployed
     */
    List<Artifact> heirs(Set<String> gone, Collection<Artifact> news) {
        Set<String> names = parts.roster().all().stream()
                .map(Deployed::artifact)
                .filter(standing -> standing.isRelease()
                        && (gone.contains(standing.file())
                                || news.stream()
                                        .anyMatch(one -> one.file().equals(standing.file())
                                                && !one.symbolicName().equals(standing.symbolicName()))))
                .map(PublishedArtifact::symbolicName)
                .collect(Collectors.toSet());
        List<Artifact> heirs = byFile.values().stream()
                .filter(artifact -> artifact.release().isPresent() && names.contains(artifact.symbolicName()))
                .filter(artifact -> !gone.contains(artifact.file()))
                // A twin of what leaves takes that over as it runs.
                .filter(artifact -> parts.roster().all().stream()
                        .noneMatch(deployed -> deployed.sha256().equals(artifact.sha256())))
                .toList();
        heirs.forEach(heir -> byFile.remove(heir.file()));
        return Stream.concat(heirs.stream(), heirsOfBeside(gone).stream()).toList();
    }

    /**
     * An undertaking is over. A twin that failed takes its duplicates with it, and one that went meanwhile leaves the content
     * to them.
     *
     * @param standing what is deployed
     * @return those without a twin, which are to be deployed themselves
     */
    List<Artifact> settle(Undertaking undertaking, BringUp.Result result, Collection<PublishedArtifact> standing) {
        Map<String, String> failed = result.failed().keySet().stream()
                .collect(Collectors.toMap(Artifact::sha256, Artifact::file, (one, other) -> one));
        List<Artifact> good = result.good().stream()
                .flatMap(candidate ->
                        Stream.of(candidate.artifact(), candidate.whole().artifact()))
                .toList();
        Set<String> there = Stream.concat(
                        standing.stream().map(PublishedArtifact::sha256),
                        good.stream().map(Artifact::sha256))
                .collect(Collectors.toSet());
        List<Artifact> orphans = new ArrayList<>();
        undertaking.duplicates().forEach((file, artifact) -> {
            if (failed.containsKey(artifact.sha256())) {
                String twin = failed.get(artifact.sha256());
                failures.fail(artifact, Failure.ofBundles("same content as " + twin + ", which failed"));
            } else if (there.contains(artifact.sha256())) {
                byFile.put(file, artifact);
            } else if (isSuperseded(artifact, good, standing)) {
                byFile.put(file, artifact);
                keep(artifact);
            } else {
                orphans.add(artifact);
            }
        });
        return orphans;
    }

    private static boolean isSuperseded(
            Artifact artifact, List<Artifact> good, Collection<PublishedArtifact> standing) {
        return artifact.release().isPresent()
                && (standing.stream()
                                .anyMatch(other -> Supersession.areRivals(other, artifact)
                                        && Supersession.goesBefore(other, artifact))
                        || good.stream()
                                .anyMatch(other -> other.release().isPresent()
                                        && other.symbolicName().equals(artifact.symbolicName())
                                        && !other.file().equals(artifact.file())));
    }
}

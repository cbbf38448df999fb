package dev.sluice.deployer.ledger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.osgi.framework.Version;

/**
 * What all records of a ledger say together.
 *
 * @param published what was last published from each file, in the order in which it came
 * @param decisions the operator's decisions that hold, by file; never {@link Decision#STARTED}
 * @param reserved the places that are kept for files which failed and were never published, by file
 * @param highest the highest version that was ever published, and not taken back by its rollout, by symbolic name
 * @param rollouts the rollouts under way, by the candidate's file
 * @param superseded the digests of what was let in and waits behind another release of its name, by file
 * @param opened whether the first start is complete, so that what was published is all that requests need; never if nothing is
 */
public record LedgerState(
        Map<String, PublishedArtifact> published,
        Map<String, LedgerRecord.Decided> decisions,
        Map<String, LedgerRecord.Reserved> reserved,
        Map<String, String> highest,
        Map<String, LedgerRecord.RollingOut> rollouts,
        Map<String, String> superseded,
        boolean opened) {

    /** Nothing published, nothing decided, and never opened. */
    public static final LedgerState EMPTY =
            new LedgerState(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), false);

    /** Keeps its own copies, in order. */
    public LedgerState {
        published = Collections.unmodifiableMap(new LinkedHashMap<>(published));
        decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
        reserved = Collections.unmodifiableMap(new LinkedHashMap<>(reserved));
        highest = Collections.unmodifiableMap(new LinkedHashMap<>(highest));
        rollouts = Collections.unmodifiableMap(new LinkedHashMap<>(rollouts));
        superseded = Collections.unmodifiableMap(new LinkedHashMap<>(superseded));
    }

    /** {@return the same, but as if the first start were not complete} */
    LedgerState notOpened() {
        return new LedgerState(published, decisions, reserved, highest, rollouts, superseded, false);
    }

    /**
     * {@return the state after one more record}
     *
     * @param record the record
     */
    public LedgerState with(LedgerRecord record) {
        Map<String, PublishedArtifact> nextPublished = new LinkedHashMap<>(published);
        Map<String, LedgerRecord.Decided> nextDecisions = new LinkedHashMap<>(decisions);
        Map<String, LedgerRecord.Reserved> nextReserved = new LinkedHashMap<>(reserved);
        Map<String, String> nextHighest = new LinkedHashMap<>(highest);
        Map<String, LedgerRecord.RollingOut> nextRollouts = new LinkedHashMap<>(rollouts);
        Map<String, String> nextSuperseded = new LinkedHashMap<>(superseded);
        if (record instanceof LedgerRecord.Published generation) {
            for (String file : generation.removedFiles()) {
                nextPublished.remove(file);
                nextDecisions.remove(file);
                nextReserved.remove(file);
            }
            for (PublishedArtifact artifact : generation.added()) {
                PublishedArtifact before = nextPublished.put(artifact.file(), artifact);
                if (artifact.isMember() && before != null) {
                    // It comes anew with its release, also with the same content.
                    nextDecisions.remove(artifact.file());
                }
                if (!artifact.isRelease() && !isRolledOut(artifact, nextRollouts.get(artifact.file()))) {
                    nextHighest.merge(artifact.symbolicName(), artifact.version(), LedgerState::higher);
                }
                nextReserved.remove(artifact.file());
                nextSuperseded.remove(artifact.file());
                // A decision holds until the file's content changes.
                nextDecisions
                        .values()
                        .removeIf(decided -> decided.file().equals(artifact.file())
                                && !decided.sha256().equals(artifact.sha256()));
            }
        } else if (record instanceof LedgerRecord.Decided decided) {
            if (decided.decision() == Decision.STARTED) {
                nextDecisions.remove(decided.file());
            } else {
                nextDecisions.put(decided.file(), decided);
            }
        } else if (record instanceof LedgerRecord.Highest known) {
            nextHighest.putAll(known.versions());
            nextHighest.values().removeIf(String::isEmpty);
        } else if (record instanceof LedgerRecord.Reserved places) {
            if (places.places().isEmpty()) {
                nextReserved.remove(places.file());
            } else {
                nextReserved.put(places.file(), places);
            }
        } else if (record instanceof LedgerRecord.RollingOut rollout) {
            nextRollouts.put(rollout.file(), rollout);
        } else if (record instanceof LedgerRecord.Superseded waits) {
            if (waits.sha256().isEmpty()) {
                nextSuperseded.remove(waits.file());
            } else {
                nextSuperseded.put(waits.file(), waits.sha256());
            }
        } else if (record instanceof LedgerRecord.RolloutOver over) {
            LedgerRecord.RollingOut rollout = nextRollouts.remove(over.file());
            Optional.ofNullable(nextPublished.get(over.file()))
                    .filter(artifact -> isRolledOut(artifact, rollout))
                    .ifPresent(artifact ->
                            nextHighest.merge(artifact.symbolicName(), artifact.version(), LedgerState::higher));
        }
        // With nothing published the folder tells what requests need, as if it were filled for the first time.
        boolean nextOpened = !nextPublished.isEmpty() && (opened || record instanceof LedgerRecord.Opened);
        return new LedgerState(
                nextPublished, nextDecisions, nextReserved, nextHighest, nextRollouts, nextSuperseded, nextOpened);
    }

    /**
     * {@return the highest versions that have all requests by rollouts which may still take them back, by symbolic name} As long
     * as that isn't so, they count as published.
     */
    public Map<String, String> baking() {
        Map<String, String> baking = new LinkedHashMap<>();
        rollouts.values().stream()
                .filter(rollout -> rollout.progress().state().hasAll())
                .map(rollout -> published.get(rollout.file()))
                .filter(Objects::nonNull)
                .filter(this::isRolledOut)
                .forEach(artifact -> baking.merge(artifact.symbolicName(), artifact.version(), LedgerState::higher));
        return baking;
    }

    /** {@return whether an artifact is being rolled out} */
    public boolean isRolledOut(PublishedArtifact artifact) {
        return isRolledOut(artifact, rollouts.get(artifact.file()));
    }

    /** What may be taken back yet isn't a version that a later one could be lower than. */
    private static boolean isRolledOut(PublishedArtifact artifact, LedgerRecord.RollingOut rollout) {
        return rollout != null && rollout.candidate().equals(artifact.sha256());
    }

    /** {@return the higher of two versions; an empty one is lower than any} */
    public static String higher(String one, String other) {
        return Version.parseVersion(one).compareTo(Version.parseVersion(other)) >= 0 ? one : other;
    }
}

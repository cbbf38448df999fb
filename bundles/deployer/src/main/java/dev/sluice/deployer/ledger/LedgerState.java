package dev.sluice.deployer.ledger;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What all records of a ledger say together.
 *
 * @param published what was last published from each file, in the order in which it came
 * @param decisions the operator's decisions that hold, by file; never {@link Decision#STARTED}
 */
public record LedgerState(Map<String, PublishedArtifact> published, Map<String, LedgerRecord.Decided> decisions) {

    /** Nothing published, nothing decided. */
    public static final LedgerState EMPTY = new LedgerState(Map.of(), Map.of());

    /** Keeps its own copies, in order. */
    public LedgerState {
        published = Collections.unmodifiableMap(new LinkedHashMap<>(published));
        decisions = Collections.unmodifiableMap(new LinkedHashMap<>(decisions));
    }

    /**
     * {@return the state after one more record}
     *
     * @param record the record
     */
    public LedgerState with(LedgerRecord record) {
        Map<String, PublishedArtifact> nextPublished = new LinkedHashMap<>(published);
        Map<String, LedgerRecord.Decided> nextDecisions = new LinkedHashMap<>(decisions);
        if (record instanceof LedgerRecord.Published generation) {
            for (String file : generation.removedFiles()) {
                nextPublished.remove(file);
                nextDecisions.remove(file);
            }
            for (PublishedArtifact artifact : generation.added()) {
                nextPublished.put(artifact.file(), artifact);
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
        }
        return new LedgerState(nextPublished, nextDecisions);
    }
}

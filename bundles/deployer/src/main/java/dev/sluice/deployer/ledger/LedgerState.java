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
}

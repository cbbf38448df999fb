package dev.sluice.deployer.ledger;

import java.time.Instant;
import java.util.List;

/** One line of the ledger. */
public sealed interface LedgerRecord {

    /** {@return when it was written} */
    Instant at();

    /**
     * A generation: artifacts that came, and files that went.
     *
     * @param at when
     * @param cause what brought it, for a reader
     * @param added what was published; replaces what was published from the same file
     * @param removedFiles the files whose artifacts were taken out
     */
    record Published(Instant at, String cause, List<PublishedArtifact> added, List<String> removedFiles)
            implements LedgerRecord {

        /** Keeps its own copies of the lists. */
        public Published {
            added = List.copyOf(added);
            removedFiles = List.copyOf(removedFiles);
        }
    }

    /**
     * What an operator decided about one artifact.
     *
     * @param at when
     * @param file the artifact's name in the deploy folder
     * @param sha256 the digest of the content that it was decided about
     * @param decision what was decided
     * @param operator who decided it
     */
    record Decided(Instant at, String file, String sha256, Decision decision, String operator)
            implements LedgerRecord {}
}

package dev.sluice.deployer.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

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

    /**
     * The places that a file which failed declares, and which stay closed for it though nothing of it was ever published.
     *
     * @param at when
     * @param file the file's name in the deploy folder
     * @param symbolicName the symbolic name that may fill them
     * @param places the places; empty if none is kept for the file any more
     */
    record Reserved(Instant at, String file, String symbolicName, List<PublishedPlace> places) implements LedgerRecord {

        /** Keeps its own copy of the list. */
        public Reserved {
            places = List.copyOf(places);
        }
    }

    /**
     * The highest versions that were published up to now, where other records don't tell, or tell otherwise.
     *
     * @param at when
     * @param versions the version by symbolic name; empty if none counts as published
     */
    record Highest(Instant at, Map<String, String> versions) implements LedgerRecord {

        /** Keeps its own copy of the map. */
        public Highest {
            versions = Map.copyOf(versions);
        }
    }

    /**
     * The first start is complete: the whole folder was dealt with, and requests were admitted.
     *
     * @param at when
     * @param damagedLines how many lines of the ledger were damaged then: what they said has been made up for
     */
    record Opened(Instant at, int damagedLines) implements LedgerRecord {}
}

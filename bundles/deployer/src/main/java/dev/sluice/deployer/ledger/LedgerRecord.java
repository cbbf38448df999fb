package dev.sluice.deployer.ledger;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.rollout.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One line of the ledger. */
public sealed interface LedgerRecord {

    /** {@return when it was written} */
    Instant at();

    /**
     * A generation: artifacts that came, and files that went.
     *
     * @param at when
     * @param by what kind of cause brought it; empty in the lines of earlier versions
     * @param cause what brought it, for a reader
     * @param number its number in the history; 0 if it has none
     * @param added what was published; replaces what was published from the same file
     * @param removedFiles the files whose artifacts were taken out; if one of them is that of something added, this has come
     *     anew, though its content may be what was there before
     */
    record Published(
            Instant at,
            Optional<Cause> by,
            String cause,
            long number,
            List<PublishedArtifact> added,
            List<String> removedFiles)
            implements LedgerRecord {

        /** Keeps its own copies of the lists. */
        public Published {
            by = by == null ? Optional.empty() : by;
            added = List.copyOf(added);
            removedFiles = List.copyOf(removedFiles);
        }

        /** One that the ledger is yet to number. */
        public Published(Instant at, Cause by, String cause, List<PublishedArtifact> added, List<String> removedFiles) {
            this(at, Optional.of(by), cause, 0, added, removedFiles);
        }

        /** {@return whether what is published from a file has come anew, whatever was published from it before} */
        boolean isAnew(String file) {
            return removedFiles.contains(file)
                    && added.stream().anyMatch(artifact -> artifact.file().equals(file));
        }

        Published numbered(long given) {
            return new Published(at, by, cause, given, added, removedFiles);
        }
    }

    /**
     * A publication of which only the history tells, since the ledger was shortened.
     *
     * @param at when
     * @param by what kind of cause brought it, if that is known
     * @param cause what brought it, for a reader
     * @param number its number
     * @param came what was published
     * @param went what was taken out
     * @param verdicts what became of each bundle that went; none in the lines of earlier versions
     */
    record Past(
            Instant at,
            Optional<Cause> by,
            String cause,
            long number,
            List<ContentView> came,
            List<ContentView> went,
            List<Released> verdicts)
            implements LedgerRecord {

        /** Keeps its own copies of the lists. */
        public Past {
            by = by == null ? Optional.empty() : by;
            came = List.copyOf(came);
            went = List.copyOf(went);
            verdicts = verdicts == null ? List.of() : List.copyOf(verdicts);
        }

        /** {@return the same, with the verdict on one of its bundles} */
        Past with(Released released) {
            List<Released> next = new ArrayList<>(verdicts);
            next.removeIf(released::isOfSameBundle);
            next.add(released);
            return new Past(at, by, cause, number, came, went, next);
        }
    }

    /**
     * The verdict on a bundle that went, as far as there is one.
     *
     * @param at when it was written
     * @param number the number of the publication by which it went
     * @param released what became of it
     */
    record Witnessed(Instant at, long number, Released released) implements LedgerRecord {}

    /**
     * The contents that were published of late: all that the lines before it say of that.
     *
     * @param at when it was written
     * @param contents the contents; what was published last comes last
     */
    record Contents(Instant at, List<ContentView> contents) implements LedgerRecord {

        /** Keeps its own copy of the list. */
        public Contents {
            contents = List.copyOf(contents);
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
     * Where the rollout of what is deployed from a file is. Written before what it says is carried out. It counts while the
     * candidate and what stays beside it are published under these names with these contents.
     *
     * @param at when
     * @param file the candidate's file
     * @param candidate the digest of the candidate's content
     * @param besideFile the name of what stays beside it
     * @param beside the digest of that content
     * @param progress where it is
     */
    record RollingOut(Instant at, String file, String candidate, String besideFile, String beside, Progress progress)
            implements LedgerRecord {

        /** {@return the same with another name of one of the two} */
        public RollingOut renamed(String before, String now) {
            return new RollingOut(
                    at,
                    file.equals(before) ? now : file,
                    candidate,
                    besideFile.equals(before) ? now : besideFile,
                    beside,
                    progress);
        }

        /** {@return whether the old version comes from the same file, and has a name of its own in the meantime} */
        public boolean isOfOneFile() {
            return isOfOneFile(besideFile);
        }

        /** {@return whether what is beside under that name comes from the candidate's file} */
        public static boolean isOfOneFile(String besideFile) {
            return !PublishedArtifact.isOfAFile(besideFile);
        }
    }

    /**
     * What was let in from a file and waits, as another file has a release of the same name that goes before it. When that file
     * goes it is deployed, also if its version is lower: it was there before the other.
     *
     * @param at when
     * @param file the file that waits
     * @param sha256 the digest of its content; empty if it waits no more
     */
    record Superseded(Instant at, String file, String sha256) implements LedgerRecord {}

    /**
     * The rollout of what is deployed from a file is over.
     *
     * @param at when
     * @param file the file
     */
    record RolloutOver(Instant at, String file) implements LedgerRecord {}

    /**
     * The first start is complete: the whole folder was dealt with, and requests were admitted.
     *
     * @param at when
     * @param damagedLines how many lines of the ledger were damaged then: what they said has been made up for
     */
    record Opened(Instant at, int damagedLines) implements LedgerRecord {}
}

package dev.sluice.deployer.ledger;

import dev.sluice.unload.Verdict;

/**
 * What became of a bundle that went with a publication.
 *
 * @param file the file that it came from, or its name in the release that it came in
 * @param sha256 the digest of its content, in lower-case hexadecimal
 * @param verdict {@code COLLECTED} or {@code LEAKED}; anything else: there was none when this was written
 * @param millis from its release until it was collected; 0 unless it was
 * @param heldBy what holds it, or held it, in a sentence; empty if nothing is known
 */
public record Released(String file, String sha256, Verdict verdict, long millis, String heldBy) {

    /** What another version of the container calls otherwise, or leaves out, is as good as not known. */
    public Released {
        verdict = verdict == null ? Verdict.PENDING : verdict;
        heldBy = heldBy == null ? "" : heldBy;
    }

    /** {@return of what there is no verdict yet} */
    public static Released pending(String file, String sha256) {
        return new Released(file, sha256, Verdict.PENDING, 0, "");
    }

    /** {@return whether both tell of one bundle: of a publication, no two have the same name and content} */
    public boolean isOfSameBundle(Released other) {
        return file.equals(other.file) && sha256.equals(other.sha256);
    }
}

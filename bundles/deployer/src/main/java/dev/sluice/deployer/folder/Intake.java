package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.artifact.ZipShape;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.store.Staged;
import dev.sluice.deployer.store.Store;
import dev.sluice.deployer.store.StoredCopy;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;

/** Takes one file that is at rest from the folder into the store, if it is a bundle that isn't known. No state. */
final class Intake {

    /** What became of it. */
    sealed interface Outcome {
        /** It moved while it was looked at, and isn't at rest after all. */
        record Changed() implements Outcome {}

        /** It has the content that was known. */
        record Unchanged() implements Outcome {}

        record Judged(Verdict verdict) implements Outcome {}
    }

    private final Store store;
    private final Verification verification;

    Intake(Store store, Verification verification) {
        this.store = store;
        this.verification = verification;
    }

    /**
     * @param stat what the file looked like before
     * @param known the content that was handed over last
     */
    Outcome take(Path path, FileStat stat, Optional<String> known) {
        String file = path.getFileName().toString();
        if (stat.kind() == FileStat.Kind.DANGLING) {
            return new Outcome.Judged(new Verdict.Incomplete(file, "it is a link to a file that isn't there"));
        }
        try {
            Outcome outcome = read(path, file, stat, known);
            return FileStat.of(path).equals(stat) ? outcome : new Outcome.Changed();
        } catch (IOException e) {
            return hasChanged(path, stat) ? new Outcome.Changed() : unreadable(file, e);
        }
    }

    /** {@return what was handed over from a file, as the store has it; empty if it isn't kept, or is no bundle} */
    Optional<Artifact> recall(String file, String sha256) {
        return store.find(sha256)
                .map(path -> verification.verify(
                        file, new StoredCopy(path, sha256, path.toFile().length())))
                .filter(Verdict.Accepted.class::isInstance)
                .map(verdict -> ((Verdict.Accepted) verdict).artifact());
    }

    private Outcome read(Path path, String file, FileStat stat, Optional<String> known) throws IOException {
        VerificationLimits limits = verification.limits();
        if (stat.size() > limits.maxSize()) {
            return new Outcome.Judged(
                    new Verdict.Refused(file, Optional.empty(), Verification.tooLarge(stat.size(), limits)));
        }
        // Spares the store the copy of a file that is visibly not complete.
        if (ZipShape.of(path) instanceof ZipShape.Partial partial) {
            return new Outcome.Judged(new Verdict.Incomplete(file, partial.missing()));
        }
        if (known.isPresent() && Sha256.of(path).equals(known.get())) {
            return new Outcome.Unchanged();
        }
        try (Staged staged = store.stage(path)) {
            if (!FileStat.of(path).equals(stat)) {
                return new Outcome.Changed();
            }
            Verdict verdict = verification.verify(file, staged.copy());
            return new Outcome.Judged(
                    verdict instanceof Verdict.Accepted accepted
                            ? new Verdict.Accepted(kept(accepted.artifact(), staged.keep()))
                            : verdict);
        }
    }

    private static Artifact kept(Artifact artifact, StoredCopy copy) {
        return new Artifact(
                artifact.file(),
                artifact.sha256(),
                copy.path(),
                artifact.symbolicName(),
                artifact.version(),
                artifact.declared());
    }

    private static boolean hasChanged(Path path, FileStat stat) {
        try {
            return !FileStat.of(path).equals(stat);
        } catch (IOException e) {
            return false;
        }
    }

    private static Outcome unreadable(String file, IOException e) {
        return new Outcome.Judged(new Verdict.Refused(
                file,
                Optional.empty(),
                "It can't be copied into the container's store (" + reason(e)
                        + "). Look at the file's permissions and at the free "
                        + "space of the data directory; every scan tries again.",
                Verdict.Retry.AT_NEXT_SCAN));
    }

    /** Without the name of a temporary file: the same fault has to give the same words, or it would be told at each scan. */
    private static String reason(IOException e) {
        if (e instanceof FileSystemException fault) {
            String kind = fault.getClass().getSimpleName();
            return fault.getReason() == null ? kind : kind + ": " + fault.getReason();
        }
        return e.toString();
    }
}

package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Unpacking;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.artifact.ZipShape;
import dev.sluice.deployer.integrity.Inspection;
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

        /** It is being checked, and is to be taken again when that is done. */
        record Begun(Examination examination) implements Outcome {}
    }

    private final Store store;
    private final Inspection inspection;
    private final Runnable wake;

    /** @param wake run, on any thread, when a file that is being checked is to be taken again */
    Intake(Store store, Inspection inspection, Runnable wake) {
        this.store = store;
        this.inspection = inspection;
        this.wake = wake;
    }

    /** {@return whether the rules, keys or checks have changed since this was asked last} */
    boolean haveStandardsChanged() {
        return inspection.haveStandardsChanged();
    }

    /**
     * @param stat what the file looked like before
     * @param known the content that was handed over last
     * @param begun its examination, if it is being checked
     */
    Outcome take(Path path, FileStat stat, Optional<String> known, Optional<Examination> begun) {
        String file = path.getFileName().toString();
        if (stat.kind() == FileStat.Kind.DANGLING) {
            return new Outcome.Judged(new Verdict.Incomplete(file, "it is a link to a file that isn't there"));
        }
        try {
            Outcome outcome = read(path, file, stat, known, begun);
            return FileStat.withSidecars(path).equals(stat) ? outcome : changed(outcome);
        } catch (IOException e) {
            return hasChanged(path, stat) ? new Outcome.Changed() : unreadable(file, e);
        }
    }

    private static Outcome changed(Outcome outcome) {
        if (outcome instanceof Outcome.Begun abandoned) {
            abandoned.examination().giveUp();
        }
        return new Outcome.Changed();
    }

    /** {@return what of a file's sidecars would be said today; empty if the store hasn't its content} */
    Optional<Inspection.Audit> audit(String file, String sha256) {
        return store.find(sha256)
                .map(path -> inspection.audit(
                        file, new StoredCopy(path, sha256, path.toFile().length())));
    }

    /** {@return what was handed over from a file, as the store has it; empty if it isn't kept, or is no bundle} */
    Optional<Artifact> recall(String file, String sha256) {
        return store.find(sha256)
                .map(path -> inspection.verify(
                        file, new StoredCopy(path, sha256, path.toFile().length())))
                .filter(Verdict.Accepted.class::isInstance)
                .map(verdict -> ((Verdict.Accepted) verdict).artifact());
    }

    private Outcome read(Path path, String file, FileStat stat, Optional<String> known, Optional<Examination> begun)
            throws IOException {
        VerificationLimits limits = inspection.limits();
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
        if (begun.isPresent() && isAbout(begun.get(), path, stat)) {
            return begun.get().isDone() ? end(begun.get()) : new Outcome.Begun(begun.get());
        }
        Staged staged = store.stage(path);
        try {
            if (!FileStat.withSidecars(path).equals(stat)) {
                staged.close();
                return new Outcome.Changed();
            }
            Examination examination = new Examination(stat, staged, inspection.inspect(file, staged.copy()));
            // One whose checks are quick must not go on before the others that settled with it are being checked.
            if (examination.isDone() && !inspection.asksOthers()) {
                return end(examination);
            }
            examination.verdict().thenRun(wake);
            return new Outcome.Begun(examination);
        } catch (IOException | RuntimeException | Error e) {
            staged.close();
            throw e;
        }
    }

    private static boolean isAbout(Examination examination, Path path, FileStat stat) throws IOException {
        return examination.stat().equals(stat)
                && Sha256.of(path).equals(examination.staged().copy().sha256());
    }

    /** The bytes that were checked are those that are kept, and installed: the file isn't read once more. */
    private Outcome end(Examination done) throws IOException {
        try (Staged staged = done.staged()) {
            Verdict verdict = done.verdict().join();
            return new Outcome.Judged(
                    verdict instanceof Verdict.Accepted accepted
                            ? new Verdict.Accepted(kept(accepted.artifact(), staged))
                            : verdict);
        }
    }

    private Artifact kept(Artifact verified, Staged staged) throws IOException {
        return Unpacking.of(verified.storedAt(staged.keep().path()), store);
    }

    private static boolean hasChanged(Path path, FileStat stat) {
        try {
            return !FileStat.withSidecars(path).equals(stat);
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

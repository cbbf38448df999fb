package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verdict.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one turn takes from the folder, file by file, and what is known of each from then on. For one thread. */
final class Taken {

    private final KnownFiles known;
    private final Waits waits;
    private final List<Artifact> accepted = new ArrayList<>();
    private final List<Verdict.Refused> refused = new ArrayList<>();
    private final List<String> unchanged = new ArrayList<>();

    Taken(KnownFiles known, Waits waits) {
        this.known = known;
        this.waits = waits;
    }

    List<Artifact> accepted() {
        return accepted;
    }

    /** {@return those that are news, or whose change was told} */
    List<Verdict.Refused> refused() {
        return refused;
    }

    List<String> unchanged() {
        return unchanged;
    }

    /** A file has the content that was known. */
    void unchanged(String file, FileStat stat) {
        known.unchanged(file, stat);
        unchanged.add(file);
    }

    /** A file was judged. */
    void judged(String file, FileStat stat, Verdict verdict) {
        if (verdict instanceof Verdict.Accepted good) {
            known.judged(file, stat, Optional.of(good.artifact().sha256()));
            accepted.add(good.artifact());
        } else if (verdict instanceof Verdict.Incomplete incomplete) {
            known.incomplete(file, stat);
            waits.because(file, incomplete.message());
        } else if (verdict instanceof Verdict.Waiting waiting) {
            known.incomplete(file, stat);
            waits.forRule(file, waiting.message());
        } else if (verdict instanceof Verdict.Refused bad && bad.retry() == Retry.AT_OTHER_RULES) {
            // Who was told that it has changed is told what came of it, though it is the same.
            boolean told = waits.contains(file);
            if (known.refusedByRule(file, stat, bad.sha256(), bad.message()) || told) {
                refused.add(bad);
            }
        } else if (verdict instanceof Verdict.Refused bad && bad.retry() == Retry.AT_NEXT_SCAN) {
            if (known.refusedForNow(file, bad.message())) {
                refused.add(bad);
            }
        } else if (verdict instanceof Verdict.Refused bad) {
            known.judged(file, stat, bad.sha256());
            refused.add(bad);
        }
    }
}

package dev.sluice.deployer.leaving;

import dev.sluice.deployer.ReleasedView;
import dev.sluice.deployer.ledger.Released;
import dev.sluice.unload.Culprit;
import dev.sluice.unload.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the history puts verdicts. */
final class Words {

    /** More are in the status while it is in memory; the ledger is to stay small. */
    private static final int MOST_CULPRITS = 5;

    private static final int LONGEST = 200;

    private Words() {}

    /** {@return what holds a bundle, in a sentence; empty if nothing is known to} */
    static String heldBy(List<Culprit> culprits) {
        String first = culprits.stream()
                .limit(MOST_CULPRITS)
                .map(culprit -> shortened(culprit.what()))
                .collect(Collectors.joining("; "));
        int others = culprits.size() - MOST_CULPRITS;
        return others > 0 ? first + "; and " + others + " more" : first;
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /**
     * {@return what a reader is told of a bundle that went}
     *
     * @param isOpen whether there may be another verdict on it
     */
    static ReleasedView view(Released released, boolean isOpen) {
        Optional<String> heldBy = Optional.of(released.heldBy()).filter(text -> !text.isEmpty());
        Optional<Duration> took = released.verdict() == Verdict.COLLECTED
                ? Optional.of(Duration.ofMillis(released.millis()))
                : Optional.empty();
        return new ReleasedView(
                released.file(), released.sha256(), verdict(released, isOpen), took, heldBy, summary(released, isOpen));
    }

    private static Optional<Verdict> verdict(Released released, boolean isOpen) {
        return switch (released.verdict()) {
            case COLLECTED, LEAKED -> Optional.of(released.verdict());
            case PENDING, IN_USE -> isOpen ? Optional.of(Verdict.PENDING) : Optional.empty();
        };
    }

    private static String summary(Released released, boolean isOpen) {
        String heldBy = released.heldBy();
        return switch (released.verdict()) {
            case COLLECTED ->
                "collected "
                        + String.format(Locale.ROOT, "%.1f", released.millis() / 1000.0)
                        + " s after its release"
                        + (heldBy.isEmpty() ? "" : ", held for a while by " + heldBy);
            case LEAKED ->
                "leaked"
                        + (heldBy.isEmpty() ? "; what holds it wasn't found" : ", held by " + heldBy)
                        + (isOpen ? "" : "; the container has stopped since");
            case PENDING, IN_USE -> isOpen ? "no verdict yet" : "the container stopped before a verdict";
        };
    }
}

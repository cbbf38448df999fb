package dev.sluice.unload.witness;

import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One unload, and what it is accused of, by its canaries and what was found. Used by the tracker's thread alone. */
final class Case {

    /** So long it may take until an executor has done its tasks; if it takes longer, it is told. */
    private static final Duration LONGEST_END = Duration.ofMinutes(10);

    /** How often what has just been cleaned up, or a search that hangs, may put off the verdict. */
    private static final int MOST_SECOND_THOUGHTS = 2;

    private static final String ENDING =
            "its executor has been shut down, and does the tasks that it has: it goes when they are done";

    private static final String UNLOOKED =
            "a collection came by that would have taken it, and nobody could look what holds it: see `unseen`. The path shows it: POST"
                    + " /api/v1/unload/explain, with number=";

    private static final String UNEXPLAINED =
            "a collection came by that would have taken it, and nothing that holds it was found. Either soft references do, which"
                    + " the JVM keeps for a while, and it goes then; or something that only the path shows: POST"
                    + " /api/v1/unload/explain, with number=";

    private final Left left;
    private final Canaries canaries;
    private final Turn turn;
    private final Findings findings = new Findings();

    private int secondThoughts;

    /** Whether what is held softly would have gone. */
    private boolean softGone;

    private Optional<Duration> took = Optional.empty();
    private List<String> users = List.of();

    /**
     * @param left what has left
     * @param queue hears when a canary has gone
     * @param softly holds a canary softly
     */
    Case(Left left, ReferenceQueue<Object> queue, Function<Canary, SoftReference<Canary>> softly) {
        this.left = left.withoutCanary();
        this.canaries = new Canaries(left.canary(), queue, softly);
        this.turn = new Turn(left.nanos());
    }

    long number() {
        return left.watched().number;
    }

    Stage stage() {
        return turn.stage();
    }

    /**
     * Goes on, by one stage at most.
     *
     * @return whether there is something new to tell
     */
    boolean advance(long now, Rules rules, Inquiry inquiry) {
        // Whoever asks for the users touches the wiring, and so keeps the class loader for the collection that runs at
        // that
        // moment, if one does: so only when it matters, and always before a canary is let go, never after.
        boolean rested = turn.hasRested(now, rules);
        boolean canaryGone = canaries.isCollected();
        boolean gone = left.watched().hasGone();
        boolean asks = !gone && (stage() == Stage.USED || rested && (stage() == Stage.LEFT || canaryGone));
        List<String> usersNow = asks ? left.users().names() : List.of();
        Stage next = stage().next(new Stage.Facts(gone, !usersNow.isEmpty(), rested, canaryGone));
        if (next == stage()) {
            boolean changed = asks && !usersNow.equals(users);
            users = asks ? usersNow : users;
            return changed;
        }
        users = next == Stage.USED ? usersNow : List.of();
        enter(next, now, rules, inquiry);
        return true;
    }

    /**
     * A heap dump was looked through, and strong references lead to the class loader.
     *
     * @param seen what was seen, and when
     * @return whether there is something new to tell: of a dump from before the collections it isn't, as what was seen there may have
     *     ended since
     */
    boolean held(Held seen, long now, Rules rules, Inquiry inquiry) {
        boolean counts = stage() == Stage.LEAKED || stage() == Stage.UNEXPLAINED && turn.has(seen.nanos());
        if (!counts || left.watched().hasGone()) {
            return false;
        }
        findings.path(seen.culprit());
        if (stage() == Stage.UNEXPLAINED) {
            enter(Stage.LEAKED, now, rules, inquiry);
        }
        return true;
    }

    private void enter(Stage next, long now, Rules rules, Inquiry inquiry) {
        Stage to = next;
        switch (next) {
            case UNEXPLAINED, LEAKED -> to = accused(next, now, rules, inquiry);
            case FIRST_CANARY -> findings.search(left, rules, inquiry);
            case USED -> {
                softGone = false;
                findings.forgetPath();
            }
            case COLLECTED -> took = Optional.of(Duration.ofNanos(now - left.nanos()));
            default -> {
                // Nothing else is to be done.
            }
        }
        turn.to(to, now);
        canaries.letGo(to);
    }

    /** The searches before an accusation, and what comes of them. */
    private Stage accused(Stage next, long now, Rules rules, Inquiry inquiry) {
        if (findings.search(left, rules, inquiry) && secondThoughts++ < MOST_SECOND_THOUGHTS) {
            findings.forgetPath();
            return Stage.FIRST_CANARY;
        }
        if (findings.isEnding() && now - left.nanos() < LONGEST_END.toNanos()) {
            return Stage.ENDING;
        }
        if (findings.isNamed() || softGone) {
            return Stage.LEAKED;
        }
        if (next == Stage.LEAKED) {
            // The collection that cleared soft references may have left to the next what only they led to: as a cache
            // of the JDK's whose queue holds what was cleared, until it is emptied.
            softGone = true;
            return Stage.FIRST_CANARY;
        }
        return next;
    }

    /** {@return whether it waits for a collection, and one should be asked for now} */
    boolean needsCollection(long now, Rules rules) {
        return turn.needsCollection(now, rules, canaries.isAwaited());
    }

    /** Collections were asked for, for as long as that is done at a time. */
    void asked(long now) {
        turn.asked(now);
    }

    /** {@return how long until it may go on, or needs a collection, in nanoseconds} */
    long wait(long now, Rules rules) {
        return turn.wait(now, rules);
    }

    UnloadView view() {
        return new UnloadView(
                number(),
                left.bundleId(),
                left.symbolicName(),
                left.version(),
                left.departure(),
                left.since(),
                stage().verdict(),
                took,
                users,
                stage() == Stage.USED ? left.users().requests().culprits() : findings.culprits(),
                findings.cleaned(),
                findings.unseen(),
                note());
    }

    /** {@return why there is no verdict though it was searched, in a sentence} */
    Optional<String> note() {
        if (stage().verdict() != Verdict.PENDING) {
            return Optional.empty();
        }
        if (findings.isEnding()) {
            return Optional.of(ENDING);
        }
        return stage() == Stage.UNEXPLAINED || softGone
                ? Optional.of((findings.looked() ? UNEXPLAINED : UNLOOKED) + number())
                : Optional.empty();
    }
}

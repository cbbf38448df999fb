package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One unload, and the evidence so far. Used by the tracker's thread alone. */
final class Case {

    /** How soon it is looked again whether others are still wired to it, or threads end, at first, and after it has been so for long. */
    private static final Duration USE = Duration.ofSeconds(2);

    private static final Duration LONGEST_USE = Duration.ofMinutes(1);

    /** So long it may take until an executor has done its tasks; if it takes longer, it is told. */
    private static final Duration LONGEST_END = Duration.ofMinutes(10);

    private static final String UNLOOKED =
            "a collection came by that would have taken it, and nobody could look what holds it: see `unseen`. The path shows it: POST"
                    + " /api/v1/unload/explain, with number=";

    private static final String ENDING =
            "its executor has been shut down, and does the tasks that it has: it goes when they are done";

    /** So often it is looked whether what has leaked was let go: for a quarter of an hour. Then others' collections have to do. */
    private static final int ASKS_ONCE_LEAKED = 4;

    /** How often what has just been cleaned up, or a search that hangs, may put off the verdict. */
    private static final int MOST_SECOND_THOUGHTS = 2;

    private static final String UNEXPLAINED =
            "a collection came by that would have taken it, and nothing that holds it was found. Either soft references do, which"
                    + " the JVM keeps for a while, and it goes then; or something that only the path shows: POST"
                    + " /api/v1/unload/explain, with number=";

    private final Left left;
    private final ReferenceQueue<Object> queue;
    private final Function<Canary, SoftReference<Canary>> softly;
    private Stage stage = Stage.LEFT;
    private long entered;
    private int secondThoughts;

    /** The one that nobody has let go yet. */
    private Canary kept;

    /** The one that was let go. */
    private WeakReference<Canary> canary;

    /** What holds the one that was let go, if anything does. Nobody may call {@code get}: that would prolong its life. */
    private SoftReference<Canary> holder;

    private final SeldomAsked asking = new SeldomAsked();

    /** How often it is still asked for collections, once it has leaked. */
    private int asksLeft;

    private Optional<Duration> took = Optional.empty();
    private List<String> users = List.of();
    private List<Culprit> culprits = List.of();
    private List<String> unseen = List.of();
    private final Set<String> cleaned = new LinkedHashSet<>();

    /** Whether anybody could look, the last time. */
    private boolean looked = true;

    /** Whether what is held softly would have gone. */
    private boolean softGone;

    /** What a path of references in a heap dump says, if there was one since the evidence was complete but for soft references. */
    private Optional<Culprit> path = Optional.empty();

    /**
     * @param left what has left
     * @param queue hears when a canary has gone
     * @param softly holds a canary softly
     */
    Case(Left left, ReferenceQueue<Object> queue, Function<Canary, SoftReference<Canary>> softly) {
        this.left = new Left(
                left.watched(),
                left.users(),
                null,
                left.bundleId(),
                left.symbolicName(),
                left.version(),
                left.departure(),
                left.since(),
                left.nanos());
        this.queue = queue;
        this.softly = softly;
        this.kept = left.canary();
        this.entered = left.nanos();
    }

    long number() {
        return left.watched().number;
    }

    Stage stage() {
        return stage;
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
        boolean rested = now - entered >= rest(now, rules);
        boolean canaryGone = canary != null && canary.refersTo(null);
        boolean gone = left.watched().hasGone();
        boolean asks = !gone && (stage == Stage.USED || rested && (stage == Stage.LEFT || canaryGone));
        List<String> usersNow = asks ? left.users().names() : List.of();
        Stage next = stage.next(new Stage.Facts(gone, !usersNow.isEmpty(), rested, canaryGone));
        if (next == stage) {
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
        boolean counts = stage == Stage.LEAKED || stage == Stage.UNEXPLAINED && seen.nanos() - entered >= 0;
        if (!counts || left.watched().hasGone()) {
            return false;
        }
        path = Optional.of(seen.culprit());
        if (stage == Stage.UNEXPLAINED) {
            enter(Stage.LEAKED, now, rules, inquiry);
        }
        return true;
    }

    private void enter(Stage next, long now, Rules rules, Inquiry inquiry) {
        Stage to =
                switch (next) {
                    case UNEXPLAINED, LEAKED -> accused(next, now, rules, inquiry);
                    case FIRST_CANARY -> {
                        search(rules, inquiry);
                        yield next;
                    }
                    default -> next;
                };
        if (!stage.mayBecome(to)) {
            throw new IllegalStateException(stage + " can't become " + to);
        }
        if (to == Stage.USED) {
            softGone = false;
            path = Optional.empty();
        }
        if (to == Stage.LEAKED) {
            asksLeft = ASKS_ONCE_LEAKED;
            asking.begin(now);
        }
        stage = to;
        entered = now;
        letGo(now);
        if (to == Stage.COLLECTED) {
            took = Optional.of(Duration.ofNanos(now - left.nanos()));
        }
    }

    /** The searches before an accusation, and what comes of them. */
    private Stage accused(Stage next, long now, Rules rules, Inquiry inquiry) {
        if (search(rules, inquiry) && secondThoughts++ < MOST_SECOND_THOUGHTS) {
            path = Optional.empty();
            return Stage.FIRST_CANARY;
        }
        if (isEnding() && now - left.nanos() < LONGEST_END.toNanos()) {
            return Stage.ENDING;
        }
        // A cache of the JDK's holds softly, or nobody knows which: its name alone is no proof.
        boolean named = path.isPresent() || culprits.stream().anyMatch(culprit -> culprit.kind() != Culprit.Kind.CACHE);
        if (named || softGone) {
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

    /** {@return whether all that was found goes by itself, and some of it is threads that end} */
    private boolean isEnding() {
        Set<Culprit.Kind> kinds = found().stream().map(Culprit::kind).collect(Collectors.toSet());
        return kinds.remove(Culprit.Kind.ENDING) && (kinds.isEmpty() || kinds.equals(Set.of(Culprit.Kind.CACHE)));
    }

    /** The last thing that is done in a stage: whatever was held for a moment before that is no evidence. */
    private void letGo(long now) {
        holder = null;
        if (!stage.awaitsCanary()) {
            canary = null;
            if (stage != Stage.LEFT) {
                kept = null;
            }
            return;
        }
        Canary going = kept == null ? new Canary() : kept;
        canary = going.watch(queue);
        if (stage == Stage.UNEXPLAINED) {
            // Made now, and so stamped later than any soft reference that was last asked before the search: the
            // collection that clears this one clears those.
            holder = softly.apply(going);
            asking.begin(now);
        }
        // The third is as old as the second: once it goes, one more collection has come by.
        kept = stage == Stage.SECOND_CANARY ? new Canary() : null;
    }

    /** {@return whether something was cleaned up that wasn't before, or our own thread has the class loader: no evidence then} */
    private boolean search(Rules rules, Inquiry inquiry) {
        Inquiry.Result found = inquiry.run(left.watched(), left.name(), rules.uncleaned(), Set.copyOf(cleaned));
        culprits = found.culprits();
        unseen = found.unseen();
        looked = found.looked();
        return cleaned.addAll(found.cleaned()) || found.tidied() || found.held();
    }

    /** {@return whether it waits for a collection, and one should be asked for now} */
    boolean needsCollection(long now, Rules rules) {
        if (asksSeldom() && !asking.isDue(now)) {
            return false;
        }
        if (stage == Stage.LEAKED) {
            return asksLeft > 0;
        }
        if (stage == Stage.LEFT) {
            // A request's last steps, and those of the thread that has uninstalled it, need a moment.
            return now - entered >= rest(now, rules) / 2;
        }
        return stage.awaitsCanary() && canary != null && !canary.refersTo(null);
    }

    /** Collections were asked for, for as long as that is done at a time. */
    void asked(long now) {
        if (asksSeldom()) {
            asksLeft -= asking.isDue(now) ? 1 : 0;
            asking.asked(now);
        }
    }

    private boolean asksSeldom() {
        return stage == Stage.UNEXPLAINED || stage == Stage.LEAKED;
    }

    /** {@return how long until it may go on, or needs a collection, in nanoseconds} */
    long wait(long now, Rules rules) {
        if (stage == Stage.COLLECTED) {
            return Long.MAX_VALUE;
        }
        if (stage == Stage.LEAKED) {
            return rules.probe() && asksLeft > 0 ? asking.untilDue(now) : Long.MAX_VALUE;
        }
        long rest = rest(now, rules);
        long passed = now - entered;
        if (stage == Stage.USED) {
            // Each step looks, so it is from now on.
            return rest;
        }
        if (stage == Stage.LEFT && passed < rest / 2) {
            return rest / 2 - passed;
        }
        if (passed < rest) {
            return rest - passed;
        }
        return stage == Stage.UNEXPLAINED && rules.probe() ? asking.untilDue(now) : Long.MAX_VALUE;
    }

    /** {@return how long a stage lasts at least, in nanoseconds} */
    private long rest(long now, Rules rules) {
        return switch (stage) {
            // The longer it has lasted, the longer it may last.
            case USED -> seldom(now - entered);
            case ENDING -> seldom(entered - left.nanos());
            default -> rules.rest(stage).toNanos();
        };
    }

    private static long seldom(long passed) {
        return Math.min(LONGEST_USE.toNanos(), Math.max(USE.toNanos(), passed));
    }

    UnloadView view() {
        return new UnloadView(
                number(),
                left.bundleId(),
                left.symbolicName(),
                left.version(),
                left.departure(),
                left.since(),
                stage.verdict(),
                took,
                users,
                stage == Stage.USED ? left.users().requests().culprits() : found(),
                List.copyOf(cleaned),
                unseen,
                note());
    }

    /** {@return why there is no verdict though it was searched, in a sentence} */
    Optional<String> note() {
        if (stage == Stage.ENDING || stage.verdict() == Verdict.PENDING && isEnding()) {
            return Optional.of(ENDING);
        }
        return isUnexplained() ? Optional.of((looked ? UNEXPLAINED : UNLOOKED) + number()) : Optional.empty();
    }

    private List<Culprit> found() {
        return Stream.concat(culprits.stream(), path.stream()).toList();
    }

    /** {@return whether collections came by, and nobody knows what holds it} */
    private boolean isUnexplained() {
        return stage == Stage.UNEXPLAINED || softGone && stage.verdict() == Verdict.PENDING;
    }
}

package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.UnloadView;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One unload, and the evidence so far. Used by the tracker's thread alone. */
final class Case {

    /** How often it is looked whether others are still wired to it. */
    private static final Duration USE = Duration.ofSeconds(2);

    /** How often what has just been cleaned up may put off the verdict. */
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

    private Optional<Duration> took = Optional.empty();
    private List<String> users = List.of();
    private List<Culprit> culprits = List.of();
    private List<String> unseen = List.of();
    private final Set<String> cleaned = new LinkedHashSet<>();

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
        boolean rested = now - entered >= rest(rules).toNanos();
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

    private void enter(Stage next, long now, Rules rules, Inquiry inquiry) {
        Stage to =
                switch (next) {
                    case UNEXPLAINED, LEAKED -> accused(next, rules, inquiry);
                    case FIRST_CANARY -> {
                        search(rules, inquiry);
                        yield next;
                    }
                    default -> next;
                };
        if (!stage.mayBecome(to)) {
            throw new IllegalStateException(stage + " can't become " + to);
        }
        stage = to;
        entered = now;
        letGo(now);
        if (to == Stage.COLLECTED) {
            took = Optional.of(Duration.ofNanos(now - left.nanos()));
        }
    }

    /** The searches before an accusation, and what comes of them. */
    private Stage accused(Stage next, Rules rules, Inquiry inquiry) {
        if (search(rules, inquiry) && secondThoughts++ < MOST_SECOND_THOUGHTS) {
            return Stage.FIRST_CANARY;
        }
        // A cache of the JDK's holds softly, or nobody knows which: its name alone is no proof.
        boolean named = culprits.stream().anyMatch(culprit -> culprit.kind() != Culprit.Kind.CACHE);
        return named ? Stage.LEAKED : next;
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
            // Made now, and so stamped later than any soft reference that was last asked before it was searched:
            // whatever
            // collection clears this one clears those.
            holder = softly.apply(going);
            asking.begin(now);
        }
        // The third is as old as the second: once it goes, one more collection has come by.
        kept = stage == Stage.SECOND_CANARY ? new Canary() : null;
    }

    /** {@return whether something was cleaned up that wasn't before} */
    private boolean search(Rules rules, Inquiry inquiry) {
        Inquiry.Result found = inquiry.run(left.watched(), left.name(), rules.uncleaned());
        culprits = found.culprits();
        unseen = found.unseen();
        return cleaned.addAll(found.cleaned()) || found.tidied();
    }

    /** {@return whether it waits for a collection, and one should be asked for now} */
    boolean needsCollection(long now, Rules rules) {
        if (stage == Stage.UNEXPLAINED && !asking.isDue(now)) {
            return false;
        }
        if (stage == Stage.LEFT) {
            // A request's last steps, and those of the thread that has uninstalled it, need a moment.
            return now - entered >= rest(rules).toNanos() / 2;
        }
        return stage.awaitsCanary() && canary != null && !canary.refersTo(null);
    }

    /** Collections were asked for, for as long as that is done at a time. */
    void asked(long now) {
        if (stage == Stage.UNEXPLAINED) {
            asking.asked(now);
        }
    }

    /** {@return how long until it may go on, or needs a collection, in nanoseconds} */
    long wait(long now, Rules rules) {
        if (stage == Stage.LEAKED || stage == Stage.COLLECTED) {
            return Long.MAX_VALUE;
        }
        long rest = rest(rules).toNanos();
        long passed = now - entered;
        if (stage == Stage.USED) {
            return Math.max(0, USE.toNanos() - passed % USE.toNanos());
        }
        if (stage == Stage.LEFT && passed < rest / 2) {
            return rest / 2 - passed;
        }
        if (passed < rest) {
            return rest - passed;
        }
        return stage == Stage.UNEXPLAINED && rules.probe() ? asking.untilDue(now) : Long.MAX_VALUE;
    }

    private Duration rest(Rules rules) {
        return rules.rest(stage);
    }

    UnloadView view() {
        return new UnloadView(
                left.watched().number,
                left.bundleId(),
                left.symbolicName(),
                left.version(),
                left.departure(),
                left.since(),
                stage.verdict(),
                took,
                users,
                stage == Stage.USED ? left.users().requests().culprits() : culprits,
                List.copyOf(cleaned),
                unseen,
                stage == Stage.UNEXPLAINED ? Optional.of(UNEXPLAINED + left.watched().number) : Optional.empty());
    }
}

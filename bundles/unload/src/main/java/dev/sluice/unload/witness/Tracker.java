package dev.sluice.unload.witness;

import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** All unloads. Written by one thread; any may read what it showed last. */
final class Tracker {

    /** How many are shown of those whose verdict is final. */
    private static final int MOST_FINAL = 50;

    /** How many leaked ones are kept; of more, the oldest are forgotten. */
    private static final int MOST_LEAKED = 1_000;

    private final ReferenceQueue<Object> collected;
    private final Supplier<Rules> rules;
    private final LongSupplier nanos;
    private final Inquiry inquiry;
    private final Probe probe;
    private final Function<Canary, SoftReference<Canary>> softly;
    private final BiConsumer<Verdict, UnloadView> changes;

    // Of the one thread that writes.
    private final Map<Long, Case> cases = new TreeMap<>();
    private final Deque<UnloadView> finals = new ArrayDeque<>();

    private volatile List<UnloadView> shown = List.of();

    Tracker(
            ReferenceQueue<Object> collected,
            Supplier<Rules> rules,
            LongSupplier nanos,
            Inquiry inquiry,
            Probe probe,
            Function<Canary, SoftReference<Canary>> softly,
            BiConsumer<Verdict, UnloadView> changes) {
        this.collected = collected;
        this.rules = rules;
        this.nanos = nanos;
        this.inquiry = inquiry;
        this.probe = probe;
        this.softly = softly;
        this.changes = changes;
    }

    /**
     * Takes what is new, and has all go on. One that fails hinders no other: what it threw is thrown when all the others have gone
     * on.
     *
     * @return how long until that is to be done again, in nanoseconds; for ever, if nothing comes
     */
    long step(Inbox.News news) {
        Rules now = rules.get();
        List<Change> changed = new ArrayList<>();
        Throwable thrown = null;
        if (!news.left().isEmpty()) {
            probe.fruitful();
        }
        for (Left one : news.left()) {
            Case opened = new Case(one, collected, softly);
            cases.put(one.watched().number, opened);
            changed.add(new Change(Verdict.PENDING, opened.view()));
        }
        for (Iterator<Case> each = cases.values().iterator(); each.hasNext(); ) {
            Case one = each.next();
            Stage stage = one.stage();
            Verdict before = stage.verdict();
            Optional<String> note = one.note();
            try {
                boolean advanced = one.advance(nanos.getAsLong(), now, inquiry);
                boolean shown = held(one, news.held(), now);
                if (advanced || shown) {
                    UnloadView view = one.view();
                    boolean noted = view.note().isPresent() && !view.note().equals(note);
                    if (view.verdict() != before || shown || noted) {
                        changed.add(new Change(before, view));
                    }
                    if (stage.awaitsCanary()) {
                        probe.fruitful();
                    }
                    if (one.stage() == Stage.COLLECTED) {
                        each.remove();
                        finals.addFirst(view);
                    }
                }
            } catch (Throwable e) {
                thrown = thrown == null ? e : thrown;
            }
        }
        bound();
        show();
        changed.forEach(change -> changes.accept(change.before(), change.view()));
        long next = next(now);
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        return next;
    }

    /** {@return whether a heap dump says something new of it} */
    private boolean held(Case one, List<Held> all, Rules now) {
        boolean isNew = false;
        for (Held seen : all) {
            isNew |= seen.number() == one.number() && one.held(seen, nanos.getAsLong(), now, inquiry);
        }
        return isNew;
    }

    /** A verdict that is another one now, or that has a note or a path now. */
    private record Change(Verdict before, UnloadView view) {}

    private void bound() {
        while (finals.size() > MOST_FINAL) {
            finals.removeLast();
        }
        List<Long> leaked = cases.entrySet().stream()
                .filter(entry -> entry.getValue().stage() == Stage.LEAKED)
                .map(Map.Entry::getKey)
                .toList();
        leaked.stream().limit(Math.max(0, leaked.size() - MOST_LEAKED)).forEach(cases::remove);
    }

    private void show() {
        shown = Stream.concat(cases.values().stream().map(Case::view), finals.stream())
                .sorted(Comparator.comparingLong(UnloadView::number).reversed())
                .toList();
    }

    private long next(Rules rules) {
        long now = nanos.getAsLong();
        if (probe.pause()) {
            cases.values().forEach(one -> one.asked(now));
        }
        boolean needed = rules.probe() && cases.values().stream().anyMatch(one -> one.needsCollection(now, rules));
        long wait = probe.tell(needed, rules.interval());
        for (Case one : cases.values()) {
            wait = Math.min(wait, one.wait(now, rules));
        }
        return wait;
    }

    /** {@return what keeps verdicts from coming, in sentences that say what to do. Safe for any thread} */
    List<String> alarms() {
        return Stream.of(inquiry.alarm(), rules.get().probe() ? probe.hindered() : Optional.<String>empty())
                .flatMap(Optional::stream)
                .toList();
    }

    /** {@return what left last first} */
    List<UnloadView> view() {
        return shown;
    }
}

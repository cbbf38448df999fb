package dev.sluice.deployer.deploy;

import dev.sluice.chain.OwnFigures;
import dev.sluice.deployer.rollout.judge.Before;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each unit has answered itself lately, and failed on. Whether errors of a new version are its own fault is asked of what
 * the version before did just then: that it answered well for a week says nothing of a database that has been away for a minute.
 *
 * <p>The chain counts from the beginning of a unit; here its counts are noted every few seconds, as far back as may be needed.
 * That far is no more than a hundred notes or so for each unit: one is dropped as soon as a later one reaches back far enough.
 * Confined to the deployer's thread; before it starts, to the one that brings back what was published.
 */
public final class Lately {

    private static final Logger LOG = LoggerFactory.getLogger(Lately.class);

    /** How far back it reaches. */
    static final Duration AT_LEAST = Duration.ofSeconds(30);

    /**
     * Further, until it is known how many requests there were: at the most so many times as many as at the least. Some forty are
     * enough if it answered each itself; where it handed most on, which is only sampled, some four hundred are. As so many of a
     * unit are counted each, it is known of all but those that were there before this.
     */
    private static final double VAGUE = 2.5;

    private static final Duration BETWEEN = Duration.ofSeconds(5);

    private record Key(long bundle, String middleware) {}

    private record Note(long at, OwnFigures counts) {}

    private final Supplier<List<OwnFigures>> chain;
    private final LongSupplier nanos;

    /** Of each unit the latest last. */
    private final Map<Key, Deque<Note>> notes = new HashMap<>();

    private boolean hasLooked;
    private long lookedAt;

    /**
     * @param chain what it has counted, as {@link dev.sluice.chain.ChainControl#ownFigures}
     * @param nanos the clock that times are measured by
     */
    public Lately(Supplier<List<OwnFigures>> chain, LongSupplier nanos) {
        this.chain = chain;
        this.nanos = nanos;
    }

    /** Notes what there is. To be called every second or so, whether anything is rolled out or not. */
    void look() {
        long now = nanos.getAsLong();
        if (hasLooked && now - lookedAt < BETWEEN.toNanos()) {
            return;
        }
        try {
            Set<Key> there = new HashSet<>();
            for (OwnFigures counts : chain.get()) {
                Key key = key(counts);
                there.add(key);
                note(notes.computeIfAbsent(key, any -> first(counts, now)), new Note(now, counts));
            }
            notes.keySet().retainAll(there);
            hasLooked = true;
        } catch (RuntimeException e) {
            LOG.debug("The chain is away: what middleware answer can't be noted", e);
        }
        lookedAt = now;
    }

    private static Key key(OwnFigures counts) {
        return new Key(counts.bundleId(), counts.middleware());
    }

    /** What has come since the last look was counted from nothing. What was there before the first may be as old as the chain. */
    private Deque<Note> first(OwnFigures counts, long now) {
        Deque<Note> notes = new ArrayDeque<>();
        notes.add(new Note(now, hasLooked ? nothing(counts) : counts));
        return notes;
    }

    private static OwnFigures nothing(OwnFigures counts) {
        return new OwnFigures(counts.middleware(), counts.bundleId(), counts.isExact(), 0, 0, 0, 0, 0);
    }

    private static void note(Deque<Note> notes, Note note) {
        if (!note.counts().follows(notes.getLast().counts())) {
            // The bundle was updated, or its component activated again.
            notes.clear();
            notes.add(new Note(note.at(), nothing(note.counts())));
        }
        if (!note.counts().equals(notes.getLast().counts())) {
            notes.add(note);
        }
        Note start = start(notes, note.counts(), note.at());
        while (notes.getFirst() != start) {
            notes.removeFirst();
        }
    }

    /** {@return the latest note that reaches back far enough; the first if none does} */
    private static Note start(Deque<Note> notes, OwnFigures counts, long now) {
        Iterator<Note> latestFirst = notes.descendingIterator();
        while (latestFirst.hasNext()) {
            Note note = latestFirst.next();
            if (now - note.at() >= AT_LEAST.toNanos() && isEnough(counts.since(note.counts()))) {
                return note;
            }
        }
        return notes.getFirst();
    }

    /** As if all were sampled that it handed on: of few requests the share is vague even where each is counted. */
    private static boolean isEnough(OwnFigures counts) {
        return isKnown(new OwnFigures(
                counts.middleware(),
                counts.bundleId(),
                false,
                0,
                counts.sampled() + counts.handedOn() / OwnFigures.SAMPLE,
                counts.answers(),
                counts.errors(),
                counts.failures()));
    }

    private static boolean isKnown(OwnFigures counts) {
        return counts.most() <= VAGUE * counts.fewest();
    }

    /** {@return what the units of a bundle have done in the time before now, by middleware} */
    Map<String, Before> of(long bundle) {
        Map<String, Before> lately = new HashMap<>();
        chain.get().stream().filter(counts -> counts.bundleId() == bundle).forEach(counts -> {
            OwnFigures latest = latest(counts);
            lately.put(counts.middleware(), isKnown(latest) ? before(latest) : Before.UNKNOWN);
        });
        return lately;
    }

    private static Before before(OwnFigures counts) {
        return new Before(counts.requests(), counts.fewest(), counts.failures(), counts.errors());
    }

    private OwnFigures latest(OwnFigures counts) {
        Deque<Note> its = notes.get(key(counts));
        if (its == null || !counts.follows(its.getLast().counts())) {
            return counts;
        }
        return counts.since(start(its, counts, nanos.getAsLong()).counts());
    }

    /** {@return how many notes there are} */
    int size() {
        return notes.values().stream().mapToInt(Deque::size).sum();
    }
}

package dev.sluice.unload.culprit.threads;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.Culprit.Kind;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Opened;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import dev.sluice.unload.culprit.Wording;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds values of a bundle in the thread-locals of platform threads that aren't the bundle's: of its classes, or collections, maps
 * and objects of others that lead to some, softly too. A thread-local itself is no culprit: a thread's map has it by a weak reference. Virtual
 * threads aren't looked into: their thread-locals end with them, and a virtual thread of the bundle's is one of its threads.
 */
public final class ThreadLocalSearch implements Search {

    private static final String REMEDY =
            "call remove() on the thread-local in a finally block, before the thread goes back to its pool";

    /** Stands for all keys that have been collected. */
    private static final Object COLLECTED = new Object();

    @Override
    public String name() {
        return "thread.locals";
    }

    /** Whether the value itself leads to the bundle, or what the value refers to softly. */
    private record Held(Thread thread, ThreadLocals.Local local, Walk.Tie tie, String type, boolean softly) {}

    @Override
    public List<Finding> search(Suspect suspect) throws UnseenException {
        Opened opened = new Opened("thread-locals");
        ThreadParts parts = new ThreadParts(opened);
        ThreadLocals locals = new ThreadLocals(opened);
        Walk walk = new Walk(suspect, any -> false);
        Map<Object, List<Held>> byKey = new IdentityHashMap<>();
        for (Thread thread : PlatformThreads.all()) {
            if (!parts.isOf(suspect, thread)) {
                for (ThreadLocals.Local local : locals.of(thread)) {
                    Walk.Tie tie = walk.from(local.value());
                    boolean softly = tie == Walk.Tie.NONE;
                    if (softly) {
                        tie = walk.from(locals.softly(local));
                    }
                    if (tie != Walk.Tie.NONE) {
                        Object key = local.key() == null ? COLLECTED : local.key();
                        byKey.computeIfAbsent(key, any -> new ArrayList<>())
                                .add(new Held(thread, local, tie, Wording.type(walk.reached()), softly));
                    }
                }
            }
        }
        List<Finding> found = byKey.values().stream()
                .flatMap(held -> Stream.of(false, true).map(softly -> held.stream()
                        .filter(one -> one.softly() == softly && one.thread().isAlive())
                        .toList()))
                .flatMap(held -> finding(suspect, locals, held).stream())
                .toList();
        if (locals.unseen().isPresent()) {
            throw new UnseenException(locals.unseen().get(), found);
        }
        return found;
    }

    private static List<Finding> finding(Suspect suspect, ThreadLocals locals, List<Held> held) {
        if (held.isEmpty()) {
            return List.of();
        }
        Held first = held.get(0);
        Object key = first.local().key();
        String what = "a value of "
                + Wording.type(first.local().value())
                + (suspect.owns(first.local().value()) ? "" : ", with " + first.type() + " in it,")
                + " in a thread-local"
                + (key == null || key.getClass() == ThreadLocal.class ? "" : " (" + Wording.type(key) + ')')
                + " of " + Wording.thread(first.thread())
                + (held.size() == 1 ? "" : " and " + (held.size() - 1) + " more");
        // Held softly it is a cache, as JSON libraries have for their buffers: it needs a new value at any time anyway.
        Culprit culprit = new Culprit(first.softly() ? Kind.CACHE : Kind.THREAD_LOCAL, what, REMEDY);
        List<Held> safe = held.stream()
                .filter(one -> locals.isSafeToDrop(suspect, one.local().key(), one.tie()))
                .toList();
        if (safe.isEmpty()) {
            return List.of(Finding.only(culprit));
        }
        return List.of(Finding.of(culprit, () -> {
            safe.forEach(one -> locals.drop(suspect, one.local()));
            return "dropped " + what + ", which the middleware has left behind"
                    + (safe.size() == held.size()
                            ? ""
                            : "; on " + (held.size() - safe.size()) + " of them it isn't its alone, and stays");
        }));
    }
}

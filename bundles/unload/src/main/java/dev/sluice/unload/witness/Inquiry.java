package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Wording;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has all searches run for one suspect, and tells what came of it. A search, and more so a clean-up, may wait for a bundle: for a lock
 * that it holds, or for its listener that hears of what is cleaned up. So they run on a thread of their own, which is awaited for so
 * long and then given up: what one bundle does can't end the verdicts on the others.
 *
 * <p>Used by one thread, which waits for a bounded time in all: once for each suspect whose searches hang, of which there are so many at
 * most, and for less time while others hang. Any thread may ask for the alarms.
 */
final class Inquiry {

    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** So many threads may hang; then nothing is searched until one comes back. */
    static final int MOST_HANGING = 8;

    /** So many of one bundle's versions: what others leave behind is to be found all the same. */
    private static final int MOST_OF_ONE = 4;

    /** While others hang: the next is likely to hang too, and all wait for that. */
    private static final Duration LESS_PATIENCE = Duration.ofSeconds(1);

    private static final List<String> OURS =
            List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "dev.sluice.unload.");

    private final List<Search> searches;
    private final Duration patience;
    private final Set<String> broken = ConcurrentHashMap.newKeySet();

    /** What was given up, by the unload's number. Written by the one thread; has no thread, and nothing of a bundle but texts. */
    private final Map<Long, Hanging> hanging = new ConcurrentHashMap<>();

    Inquiry(List<Search> searches) {
        this(searches, PATIENCE);
    }

    /**
     * @param searches all that there are
     * @param patience how long all searches and clean-ups for one suspect may take
     */
    Inquiry(List<Search> searches, Duration patience) {
        this.searches = List.copyOf(searches);
        this.patience = patience;
    }

    /**
     * What came of it, in texts.
     *
     * @param culprits what holds, or held, the class loader
     * @param cleaned what was cleaned up
     * @param unseen where nobody could look
     * @param tidied whether caches of the JDK's were cleared
     * @param held whether a thread of our own still runs, and keeps the class loader itself: no evidence meanwhile
     * @param looked whether anybody could look at all
     */
    record Result(
            List<Culprit> culprits,
            List<String> cleaned,
            List<String> unseen,
            boolean tidied,
            boolean held,
            boolean looked) {

        static final Result NONE = new Result(List.of(), List.of(), List.of(), false, false, true);

        private static Result unlooked(String why) {
            return new Result(List.of(), List.of(), List.of("all searches: " + why), false, false, false);
        }
    }

    /** A thread that was given up. */
    private record Hanging(Searching searching, String name, String where, Result result) {}

    /**
     * Searches, and cleans up. If the last time still hangs, that isn't tried again: the result is the one from then.
     *
     * @param watched the class loader; kept for as long as this runs
     * @param name what it is called
     * @param uncleaned the names of the searches that clean nothing up
     * @param told what was cleaned up before: it isn't told again
     */
    Result run(Watched watched, String name, Set<String> uncleaned, Set<String> told) {
        hanging.values().removeIf(one -> one.searching().hasEnded());
        Hanging before = hanging.get(watched.number);
        if (before != null) {
            return before.result();
        }
        if (watched.hasGone()) {
            return Result.NONE;
        }
        if (hanging.size() >= MOST_HANGING) {
            return Result.unlooked(hanging.size() + " for others hang, so none is run: restart the container");
        }
        String bundle = bundle(name);
        long its = hanging.values().stream()
                .filter(one -> bundle(one.name()).equals(bundle))
                .count();
        if (its >= MOST_OF_ONE) {
            return Result.unlooked(its + " for other versions of " + bundle
                    + " hang, so none is run: mend it, and restart the container");
        }
        Searching searching = new Searching(watched, name, searches, uncleaned, broken);
        // A thread for each, and none from a pool, that inherits no thread-locals: what a bundle leaves in it goes with
        // it.
        Thread thread = new Thread(null, searching, "sluice-search-" + watched.number, 0, false);
        thread.setContextClassLoader(Inquiry.class.getClassLoader());
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            return Result.unlooked("the JVM can't start a thread for them");
        }
        return await(watched, name, searching, thread, told);
    }

    private Result await(Watched watched, String name, Searching searching, Thread thread, Set<String> told) {
        Optional<String> hangs = Optional.empty();
        Duration most = hanging.isEmpty() || patience.compareTo(LESS_PATIENCE) < 0 ? patience : LESS_PATIENCE;
        try {
            if (!searching.await(most.toNanos())) {
                hangs = Optional.of(searching.giveUp());
            }
        } catch (InterruptedException e) {
            // The end of this bundle: who waits next hears of it too.
            searching.giveUp();
            Thread.currentThread().interrupt();
        }
        List<String> unseen = new ArrayList<>(Fold.sentences(searching.unseen()));
        String where = hangs.isPresent() ? where(thread) : "";
        hangs.ifPresent(search -> unseen.add(search + ": a search or clean-up hasn't come back after "
                + most.toMillis() + " ms, and keeps the class loader too; its thread \"" + thread.getName()
                + "\" is in " + where));
        Result result = new Result(
                Fold.culprits(searching.culprits()),
                cleaned(name, searching, told),
                List.copyOf(unseen),
                searching.hasTidied(),
                hangs.isPresent(),
                true);
        if (hangs.isPresent()) {
            hanging.put(watched.number, new Hanging(searching, name, where, result));
            LOG.warn(
                    "What holds {} isn't searched for any more: the search {}, or its clean-up, hasn't come back after {} ms. It is in"
                            + " {}, on thread \"{}\"",
                    name,
                    hangs.get(),
                    most.toMillis(),
                    where,
                    thread.getName());
        }
        return result;
    }

    /** {@return the symbolic name, which has no space in it} */
    private static String bundle(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf(' ')));
    }

    /** One line for each search that has cleaned up something new. */
    private static List<String> cleaned(String name, Searching searching, Set<String> told) {
        List<String> all = new ArrayList<>();
        searching.cleaned().forEach((search, done) -> {
            List<String> folded = Fold.sentences(done);
            if (!told.containsAll(folded)) {
                String many = done.size() == 1 ? "" : done.size() + " by the search " + search + ": ";
                LOG.warn("Cleaned up after {}: {}{}", name, many, Fold.line(String.join("; ", folded)));
            }
            all.addAll(folded);
        });
        return List.copyOf(all);
    }

    /** {@return the frame that it is in, and the first below that is neither the JDK's nor ours, which usually is the bundle's} */
    private static String where(Thread thread) {
        List<StackTraceElement> stack = List.of(thread.getStackTrace());
        if (stack.isEmpty()) {
            return "no method any more";
        }
        String top = Wording.frame(stack.get(0));
        return stack.stream()
                .filter(frame -> OURS.stream().noneMatch(frame.getClassName()::startsWith))
                .findFirst()
                .map(Wording::frame)
                .filter(below -> !below.equals(top))
                .map(below -> top + ", called in " + below)
                .orElse(top);
    }

    /** {@return what hangs, in a sentence; empty if nothing does} */
    Optional<String> alarm() {
        List<Hanging> now = hanging.values().stream()
                .filter(one -> !one.searching().hasEnded())
                .toList();
        if (now.isEmpty()) {
            return Optional.empty();
        }
        String names =
                now.stream().map(one -> one.name() + " in " + one.where()).collect(Collectors.joining(", "));
        return Optional.of(
                Fold.line("Searches for what holds versions that have left hang: " + names + ". With " + MOST_HANGING
                        + " of them nothing is searched any more: mend the middleware, and restart the container"));
    }
}

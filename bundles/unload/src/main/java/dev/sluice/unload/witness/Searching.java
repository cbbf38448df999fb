package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Searches and cleans up once, for one suspect, on a thread of its own, where it may hang.
 *
 * <p>Two threads have it. The one that runs it has the suspect, on its stack alone: a thread that has ended may keep what it
 * was made to run. The other one waits, and reads. What both touch are the texts, guarded by this object's lock, which is never
 * held while anybody else's code runs; so the one that waits never waits for the one that hangs.
 */
final class Searching implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Searching.class);

    private final Watched watched;
    private final String name;
    private final List<Search> searches;
    private final Set<String> uncleaned;
    private final Set<String> broken;
    private final CountDownLatch end = new CountDownLatch(1);

    private final Map<String, List<Culprit>> culprits = new LinkedHashMap<>();
    private final Map<String, List<String>> cleaned = new LinkedHashMap<>();
    private final List<String> unseen = new ArrayList<>();
    private String at = "";
    private boolean tidied;
    private boolean givenUp;

    /**
     * @param watched the class loader
     * @param name what it is called
     * @param searches all that are to be run
     * @param uncleaned the names of those that clean nothing up
     * @param broken those that have failed: it is told once, with what it was. Safe for any thread
     */
    Searching(Watched watched, String name, List<Search> searches, Set<String> uncleaned, Set<String> broken) {
        this.watched = watched;
        this.name = name;
        this.searches = searches;
        this.uncleaned = uncleaned;
        this.broken = broken;
    }

    @Override
    public void run() {
        try {
            searchAll();
        } finally {
            // The frames that had the suspect are gone by now.
            end.countDown();
        }
    }

    /** {@return whether it has come to its end in that time} */
    boolean await(long nanos) throws InterruptedException {
        return end.await(nanos, TimeUnit.NANOSECONDS);
    }

    boolean hasEnded() {
        return end.getCount() == 0;
    }

    /**
     * Has it do nothing more once it comes back from where it hangs.
     *
     * @return the name of the search that hangs, or whose clean-up does
     */
    synchronized String giveUp() {
        givenUp = true;
        return at;
    }

    /** {@return what each search has found so far} */
    synchronized List<List<Culprit>> culprits() {
        return culprits.values().stream().map(List::copyOf).toList();
    }

    /** {@return what was cleaned up so far, by the name of the search} */
    synchronized Map<String, List<String>> cleaned() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        cleaned.forEach((search, done) -> copy.put(search, List.copyOf(done)));
        return copy;
    }

    /** {@return whether caches of the JDK's were cleared so far} */
    synchronized boolean hasTidied() {
        return tidied;
    }

    /** {@return where nobody could look so far} */
    synchronized List<String> unseen() {
        return List.copyOf(unseen);
    }

    private void searchAll() {
        ClassLoader loader = watched.get();
        if (loader == null) {
            return;
        }
        Suspect suspect = new Suspect(loader, name);
        for (Search search : searches) {
            if (!goesOn(search)) {
                return;
            }
            List<Finding> found = found(search, suspect);
            note(search, found);
            if (!uncleaned.contains(search.name())) {
                found.forEach(finding ->
                        finding.cleaning().ifPresent(cleaning -> clean(search, finding.culprit(), cleaning)));
            }
        }
    }

    private synchronized boolean goesOn(Search search) {
        if (!givenUp) {
            at = search.name();
        }
        return !givenUp;
    }

    private synchronized void note(Search search, List<Finding> found) {
        culprits.put(search.name(), found.stream().map(Finding::culprit).toList());
    }

    private synchronized void cleaned(Search search, String done) {
        cleaned.computeIfAbsent(search.name(), any -> new ArrayList<>()).add(done);
    }

    private synchronized void cleared(Search search, Culprit cache) {
        tidied = true;
        culprits.computeIfPresent(search.name(), (name, found) -> {
            List<Culprit> rest = new ArrayList<>(found);
            rest.remove(cache);
            return List.copyOf(rest);
        });
    }

    private synchronized void unseen(String sentence) {
        unseen.add(sentence);
    }

    private List<Finding> found(Search search, Suspect suspect) {
        try {
            return search.search(suspect);
        } catch (UnseenException e) {
            unseen(e.getMessage());
            return e.found();
        } catch (ThreadDeath | VirtualMachineError e) {
            unseen(search.name() + ": the search failed with " + e.getClass().getName());
            return List.of();
        } catch (Throwable e) {
            failed(search, "fails", e);
            unseen(search.name() + ": the search failed; the log says how");
            return List.of();
        }
    }

    private void clean(Search search, Culprit culprit, Finding.Cleaning cleaning) {
        if (!goesOn(search)) {
            return;
        }
        try {
            String done = cleaning.clean();
            if (culprit.kind() == Culprit.Kind.CACHE) {
                // Whoever has texts or beans fills these caches: no fault of the bundle's, once they are cleared.
                LOG.debug("Cleared after {}: {}", name, done);
                cleared(search, culprit);
            } else {
                cleaned(search, done);
            }
        } catch (Throwable e) {
            failed(search, "can't clean up", e);
        }
    }

    /** Without its cause's objects in the log: a stack is texts, but what is thrown may be the bundle's. */
    private void failed(Search search, String what, Throwable thrown) {
        if (broken.add(search.name() + what)) {
            StringBuilder where = new StringBuilder();
            for (StackTraceElement frame : thrown.getStackTrace()) {
                where.append("\n\tat ").append(frame);
            }
            LOG.warn(
                    "The search {} {}: {}{}",
                    search.name(),
                    what,
                    thrown.getClass().getName(),
                    where);
        }
    }
}

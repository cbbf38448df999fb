package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs all searches for one suspect, and cleans up what they find. Used by one thread. */
final class Inquiry {

    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private final List<Search> searches;

    /** Those that have failed: it is told once, with what it was. */
    private final Set<String> broken = new HashSet<>();

    Inquiry(List<Search> searches) {
        this.searches = List.copyOf(searches);
    }

    /**
     * What came of it, in texts.
     *
     * @param culprits what holds, or held, the class loader
     * @param cleaned what was cleaned up
     * @param unseen where nobody could look
     * @param tidied whether caches of the JDK's were cleared
     */
    record Result(List<Culprit> culprits, List<String> cleaned, List<String> unseen, boolean tidied) {

        static final Result NONE = new Result(List.of(), List.of(), List.of(), false);
    }

    /**
     * Searches, and cleans up.
     *
     * @param watched the class loader; kept for as long as this runs
     * @param name what it is called
     * @param uncleaned the names of the searches that clean nothing up
     */
    Result run(Watched watched, String name, Set<String> uncleaned) {
        ClassLoader loader = watched.get();
        if (loader == null) {
            return Result.NONE;
        }
        Suspect suspect = new Suspect(loader, name);
        List<Culprit> culprits = new ArrayList<>();
        List<String> cleaned = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        boolean tidied = false;
        for (Search search : searches) {
            boolean cleans = !uncleaned.contains(search.name());
            for (Finding finding : found(search, suspect, unseen)) {
                Optional<String> done =
                        finding.cleaning().filter(any -> cleans).flatMap(cleaning -> cleaned(search, cleaning));
                if (done.isPresent() && finding.culprit().kind() == Culprit.Kind.CACHE) {
                    // Whoever has texts or beans fills these caches: no fault of the bundle's, once they are cleared.
                    LOG.debug("Cleared after {}: {}", suspect.name(), done.get());
                    tidied = true;
                    continue;
                }
                culprits.add(finding.culprit());
                done.ifPresent(what -> {
                    cleaned.add(what);
                    LOG.warn("Cleaned up after {}: {}", suspect.name(), what);
                });
            }
        }
        return new Result(List.copyOf(culprits), List.copyOf(cleaned), List.copyOf(unseen), tidied);
    }

    private List<Finding> found(Search search, Suspect suspect, List<String> unseen) {
        try {
            return search.search(suspect);
        } catch (UnseenException e) {
            unseen.add(e.getMessage());
            return e.found();
        } catch (ThreadDeath | VirtualMachineError e) {
            unseen.add(
                    search.name() + ": the search failed with " + e.getClass().getName());
            return List.of();
        } catch (Throwable e) {
            failed(search, "fails", e);
            unseen.add(search.name() + ": the search failed; the log says how");
            return List.of();
        }
    }

    /** {@return what was done; empty if it failed} */
    private Optional<String> cleaned(Search search, Finding.Cleaning cleaning) {
        try {
            return Optional.of(cleaning.clean());
        } catch (Throwable e) {
            failed(search, "can't clean up", e);
            return Optional.empty();
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

package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Finding;
import dev.sluice.unload.culprit.Search;
import dev.sluice.unload.culprit.Suspect;
import dev.sluice.unload.culprit.UnseenException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs all searches for one suspect, and cleans up what they find. Used by one thread. */
final class Inquiry {

    private static final Logger LOG = LoggerFactory.getLogger(Inquiry.class);

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Search> searches;
    private final Cleanup cleanup;

    /** Those that have failed: it is told once, with what it was. */
    private final Set<String> broken = new HashSet<>();

    Inquiry(List<Search> searches) {
        this(searches, PATIENCE);
    }

    /** @param patience how long the clean-up of what one search has found may take */
    Inquiry(List<Search> searches, Duration patience) {
        this.searches = List.copyOf(searches);
        this.cleanup = new Cleanup(patience);
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
            List<Finding> found = found(search, suspect, unseen);
            List<Optional<String>> done = uncleaned.contains(search.name())
                    ? List.of()
                    : cleanup.run(
                            watched.number,
                            name,
                            search.name(),
                            found,
                            thrown -> failed(search, "can't clean up", thrown),
                            unseen);
            Told told = new Told(name, search.name());
            for (int i = 0; i < found.size(); i++) {
                told.add(found.get(i).culprit(), i < done.size() ? done.get(i) : Optional.empty());
            }
            culprits.addAll(told.culprits());
            cleaned.addAll(told.cleaned());
            tidied |= told.tidied;
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

    /** What is told of one search: ten culprits, ten clean-ups, and how many more there are. */
    private static final class Told {

        private static final int MOST = 10;

        private final String name;
        private final String search;
        private final List<Culprit> culprits = new ArrayList<>();
        private final List<String> cleaned = new ArrayList<>();
        private boolean tidied;

        Told(String name, String search) {
            this.name = name;
            this.search = search;
        }

        void add(Culprit culprit, Optional<String> done) {
            if (done.isPresent() && culprit.kind() == Culprit.Kind.CACHE) {
                // Whoever has texts or beans fills these caches: no fault of the bundle's, once they are cleared.
                LOG.debug("Cleared after {}: {}", name, done.get());
                tidied = true;
                return;
            }
            culprits.add(culprit);
            done.ifPresent(cleaned::add);
        }

        List<Culprit> culprits() {
            if (culprits.size() <= MOST) {
                return culprits;
            }
            Culprit next = culprits.get(MOST);
            return Stream.concat(
                            culprits.stream().limit(MOST),
                            Stream.of(new Culprit(
                                    next.kind(), "and " + (culprits.size() - MOST) + " more", next.remedy())))
                    .toList();
        }

        List<String> cleaned() {
            List<String> told = new ArrayList<>(cleaned.subList(0, Math.min(cleaned.size(), MOST)));
            if (cleaned.size() > MOST) {
                told.add("and " + (cleaned.size() - MOST) + " more by the search " + search);
            }
            told.forEach(what -> LOG.warn("Cleaned up after {}: {}", name, what));
            return told;
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

package dev.sluice.proxy.config;

import dev.sluice.conf.LastGood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Which routes are in force: of each file what it says now, or, where that can't be taken, what it said when it last could.
 *
 * <p>No path belongs to two routes. Of two files that want the same one the file that has it keeps it; if neither has,
 * the one whose name comes first gets it; the other is refused as a whole. {@code --upstream} goes before all files. Files that
 * are put down together are heard of one after the other, in any order: so a file that is new has its paths for good only
 * after {@link #SETTLE}, and which of two new ones gets a path doesn't depend on who was heard of first.
 *
 * <p>Used by one thread at a time.
 */
public final class RouteBook {

    /** The name, and the source, of the route that the container's option makes. */
    public static final String OPTION = "--upstream";

    /** Longer than File Install takes for files that come together: it looks each second. */
    static final Duration SETTLE = Duration.ofSeconds(5);

    /** Finds out what reading alone can't tell. */
    public interface Trial {

        /**
         * Tries a route.
         *
         * @throws IllegalArgumentException if it can't be made; the message says why
         */
        void check(RouteSettings settings);
    }

    /**
     * What became of one file.
     *
     * @param file where it is written
     * @param inForce the route that serves because of it
     * @param refusal why what it says now isn't in force; empty if it is
     * @param paths the paths that it is for: those in force, else those that were asked for
     * @param atStart whether it was there when the book was first filled
     */
    public record Line(
            String name,
            String file,
            Optional<RouteSettings> inForce,
            Optional<String> refusal,
            List<String> paths,
            boolean atStart) {}

    private final RouteReader reader;
    private final LastGood lastGood;
    private final Trial trial;
    private final LongSupplier nanoTime;
    private final Map<String, Page> pages = new TreeMap<>();
    private final Optional<Line> option;
    private boolean filled;

    /**
     * Opens the book; no file is known yet.
     *
     * @param upstream what the container's option says, if anything
     * @param reader reads files
     * @param lastGood what they said when they were last taken
     * @param trial tries routes before they are taken
     * @param nanoTime a monotonic clock
     */
    public RouteBook(
            Optional<String> upstream, RouteReader reader, LastGood lastGood, Trial trial, LongSupplier nanoTime) {
        this.reader = reader;
        this.lastGood = lastGood;
        this.trial = trial;
        this.nanoTime = nanoTime;
        this.option = upstream.map(this::option);
    }

    private Line option(String upstream) {
        Reading reading = tried(reader.read(OPTION, Map.of("paths", "/*", "upstreams", upstream)));
        Optional<String> refusal = reading instanceof Reading.Bad bad ? Optional.of(sentence(bad)) : Optional.empty();
        return new Line(OPTION, OPTION, good(reading), refusal, List.of("/*"), true);
    }

    /**
     * Takes the files as they are now.
     *
     * @param files all of them; one that is missing has been taken away
     * @return what became of each, {@code --upstream} first
     */
    public List<Line> take(Collection<RouteFile> files) {
        long now = nanoTime.getAsLong();
        pages.values().forEach(page -> page.isSettled |= now - page.seen >= SETTLE.toNanos());
        Map<String, RouteFile> byName = new TreeMap<>();
        files.forEach(file -> byName.put(file.name(), file));
        lastGood.keepOnly(byName.keySet());
        pages.keySet().retainAll(byName.keySet());
        byName.forEach((name, file) -> {
            Page page = pages.computeIfAbsent(name, this::restored);
            // A bad one may have become good without a change of its own: the certificates that it names have come.
            if (!file.equals(page.file) || page.reading instanceof Reading.Bad) {
                page.file = file;
                page.reading = tried(reader.read(name, file.texts()), page.inForce);
            }
        });
        filled = true;
        settle();
        List<Line> lines = new ArrayList<>();
        option.ifPresent(lines::add);
        pages.values().forEach(page -> lines.add(page.line()));
        return lines;
    }

    /** A file that is new to this book may have been taken before a restart. */
    private Page restored(String name) {
        // Those of the start are looked at together.
        Page page = new Page(!filled, nanoTime.getAsLong());
        page.inForce = lastGood.load(name)
                .or(() -> lastGood.outdated(name))
                .flatMap(texts -> good(tried(reader.read(name, texts))));
        return page;
    }

    private Reading tried(Reading reading, Optional<RouteSettings> known) {
        return good(reading).equals(known) ? reading : tried(reading);
    }

    private Reading tried(Reading reading) {
        if (reading instanceof Reading.Good good) {
            try {
                trial.check(good.settings());
            } catch (IllegalArgumentException e) {
                return new Reading.Bad(List.of(e.getMessage()), good.settings().paths());
            }
        }
        return reading;
    }

    /**
     * Gives each page what it wants, and then takes away, one by one, what belongs to another. It ends, as each round makes
     * one page fall back on what it had; and what they had doesn't overlap, as it was settled before.
     */
    private void settle() {
        for (Page page : pages.values()) {
            page.conflict = Optional.empty();
            page.chosen = good(page.reading).or(() -> page.inForce);
        }
        for (Optional<Page> loser = loser(); loser.isPresent(); loser = loser()) {
            Page page = loser.get();
            page.chosen = page.wantsWhatItHas() ? Optional.empty() : page.inForce;
        }
        for (Page page : pages.values()) {
            page.inForce = page.chosen;
            if (page.refusal().isEmpty()) {
                lastGood.save(page.file.name(), page.file.texts());
            }
        }
    }

    /** {@return a page that must give up what it wants, with the reason noted; empty if no path is chosen twice} */
    private Optional<Page> loser() {
        Optional<Page> newcomer = Optional.empty();
        Map<String, Page> takers = new HashMap<>();
        for (Page page : pages.values()) {
            for (String path : page.chosen.map(RouteSettings::paths).orElse(List.of())) {
                if (option.isPresent() && option.get().paths().contains(path)) {
                    return Optional.of(page.loses(path, OPTION, "start without it, or take the path out"));
                }
                Page other = takers.putIfAbsent(path, page);
                if (other != null) {
                    Page keeper = page.has(path) ? page : other;
                    Page loser = (keeper == page ? other : page)
                            .loses(path, keeper.file.file(), "take it out of one of the two");
                    if (keeper.has(path)) {
                        return Optional.of(loser);
                    }
                    // Neither has it. Who gets it is decided last, as one of the two may have to give way to a third.
                    newcomer = newcomer.or(() -> Optional.of(loser));
                }
            }
        }
        return newcomer;
    }

    private static Optional<RouteSettings> good(Reading reading) {
        return reading instanceof Reading.Good good ? Optional.of(good.settings()) : Optional.empty();
    }

    private static String sentence(Reading.Bad bad) {
        return String.join("; ", bad.faults());
    }

    /** All that is known of one file. */
    private static final class Page {

        private final boolean atStart;
        private final long seen;
        /** Whether what it has is its own for good; those of the start are looked at all together, and so are. */
        private boolean isSettled;

        private RouteFile file;
        private Reading reading;
        private Optional<RouteSettings> inForce = Optional.empty();
        private Optional<RouteSettings> chosen = Optional.empty();
        private Optional<String> conflict = Optional.empty();

        Page(boolean atStart, long seen) {
            this.atStart = atStart;
            this.seen = seen;
            this.isSettled = atStart;
        }

        boolean has(String path) {
            return isSettled
                    && inForce.filter(settings -> settings.paths().contains(path))
                            .isPresent();
        }

        Page loses(String path, String owner, String advice) {
            conflict = Optional.of(path + " belongs to " + owner + " already: " + advice);
            return this;
        }

        boolean wantsWhatItHas() {
            return chosen.equals(inForce);
        }

        Optional<String> refusal() {
            if (reading instanceof Reading.Bad bad) {
                return Optional.of(sentence(bad));
            }
            // A conflict that was settled by another's giving way has left its note.
            return good(reading).equals(inForce) ? Optional.empty() : conflict;
        }

        Line line() {
            List<String> asked = reading instanceof Reading.Bad bad
                    ? bad.paths()
                    : good(reading).get().paths();
            return new Line(
                    file.name(),
                    file.file(),
                    inForce,
                    refusal(),
                    inForce.map(RouteSettings::paths).orElse(asked),
                    atStart);
        }
    }
}

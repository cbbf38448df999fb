package dev.sluice.chain.conf;

import dev.sluice.chain.conf.KnownOverride.State;
import dev.sluice.chain.snapshot.PlaceOverride;
import dev.sluice.conf.LastGood;
import dev.sluice.conf.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which overrides are in force, by what the operator's files say and have said. An override that is in force goes only if its
 * file has stayed away for a while: a file that is renamed, or saved by an editor that puts a new one in its place, is seen to
 * go before it is seen to come. Used by one thread at a time.
 */
final class OverrideBook implements OperatorFiles.Book {

    private static final Logger LOG = LoggerFactory.getLogger(OverrideBook.class);

    /** No key that an operator may write: a mark on what is kept on the disk. */
    private static final String KEPT_AS = ".kept.as";

    private final LastGood lastGood;
    private final Consumer<Map<String, PlaceOverride>> chain;
    /** By PID, so that it doesn't depend on who was there first which of two counts. */
    private final Map<String, KnownOverride> known = new TreeMap<>();

    /** By PID, what operators are to be told of those that don't count, as another is for the same middleware. */
    private Map<String, String> outdone = Map.of();

    private boolean begun;

    /**
     * Knows of no file yet.
     *
     * @param lastGood what they said when they were last taken
     * @param chain takes all overrides, by middleware, whenever one may have changed
     */
    OverrideBook(LastGood lastGood, Consumer<Map<String, PlaceOverride>> chain) {
        this.lastGood = lastGood;
        this.chain = chain;
    }

    @Override
    public void read(Map<String, Map<String, Object>> present, boolean starting, long now, long settle) {
        if (!begun) {
            // What went while the container was down didn't go a moment ago.
            lastGood.keepOnly(present.keySet());
            begun = true;
        }
        present.forEach((pid, properties) -> take(pid, properties, starting));
        known.replaceAll((pid, one) -> one.isGone() || present.containsKey(pid) ? one : one.gone(now));
        handOver();
        lapse(now, settle);
        compare();
        chain.accept(inForce());
    }

    private void take(String pid, Map<String, Object> properties, boolean starting) {
        OverrideReading reading = new OverrideReading(properties);
        Map<String, String> seen = reading.texts();
        KnownOverride before = known.get(pid);
        if (before != null && before.seen().equals(seen)) {
            known.put(pid, before.back());
            return;
        }
        String file = Origin.of(properties, pid);
        if (reading.faults().isEmpty()) {
            OperatorOverride read = reading.read();
            known.put(pid, known(file, seen, State.OWN, read.name(), read.override(), seen, List.of()));
            lastGood.save(pid, seen);
            LOG.info("override for \"{}\" from {}: {}", read.name(), file, read.override());
        } else {
            KnownOverride faulty = faulty(pid, file, reading, before, starting);
            known.put(pid, faulty);
            LOG.error("{}", faulty.alarm());
        }
    }

    private KnownOverride faulty(
            String pid, String file, OverrideReading reading, KnownOverride before, boolean starting) {
        Map<String, String> seen = reading.texts();
        List<String> faults = reading.faults();
        String name = reading.read().name();
        boolean wasBlocked = before != null && before.state() == State.BLOCKED;
        if (before != null && before.isInForce() && (!wasBlocked || name.isEmpty())) {
            return before.faulty(seen, faults);
        }
        if (before == null && starting) {
            Optional<KnownOverride> kept = kept(pid, file, seen, faults, name);
            if (kept.isPresent()) {
                return kept.get();
            }
        }
        if (name.isEmpty()) {
            return known(file, seen, State.NAMELESS, "", null, Map.of(), faults);
        }
        if (starting || wasBlocked) {
            return known(file, seen, State.BLOCKED, name, reading.blocking(), Map.of(), faults);
        }
        // So that a restart finds what was in force before it, and doesn't close the place.
        lastGood.save(pid, Map.of(KEPT_AS, State.NOTHING.name()));
        return known(file, seen, State.NOTHING, name, null, Map.of(), faults);
    }

    private Optional<KnownOverride> kept(
            String pid, String file, Map<String, String> seen, List<String> faults, String name) {
        // Not what is out of date: it may be what a later one closed.
        Map<String, String> kept = lastGood.load(pid).orElse(Map.of());
        String keptAs = kept.getOrDefault(KEPT_AS, State.OWN.name());
        if (keptAs.equals(State.NOTHING.name())) {
            return Optional.of(known(file, seen, State.NOTHING, name, null, Map.of(), faults))
                    .filter(one -> !name.isEmpty());
        }
        Map<String, String> good = new HashMap<>(kept);
        good.remove(KEPT_AS);
        OverrideReading reading = new OverrideReading(Map.copyOf(good));
        if (!reading.faults().isEmpty()) {
            return Optional.empty();
        }
        State state = keptAs.equals(State.ADOPTED.name()) ? State.ADOPTED : State.OWN;
        OperatorOverride read = reading.read();
        return Optional.of(known(file, seen, state, read.name(), read.override(), good, faults));
    }

    private static KnownOverride known(
            String file,
            Map<String, String> seen,
            State state,
            String name,
            PlaceOverride override,
            Map<String, String> good,
            List<String> faults) {
        return new KnownOverride(file, seen, state, name, override, good, faults, OptionalLong.empty());
    }

    /** Another file for the same middleware takes over from one that is gone; or keeps what that said, if it is faulty. */
    private void handOver() {
        for (String pid : pids(one -> one.isGone() && one.isInForce())) {
            KnownOverride gone = known.get(pid);
            Predicate<KnownOverride> same = one -> !one.isGone() && one.name().equals(gone.name());
            if (pids(same.and(one -> counts(one) == 0)).isEmpty()) {
                List<String> heirs = pids(same);
                if (heirs.isEmpty()) {
                    continue;
                }
                adopt(heirs.get(0), gone);
            }
            known.remove(pid);
            lastGood.forget(pid);
            LOG.info("the override for \"{}\" in {} has another file in its place", gone.name(), gone.file());
        }
    }

    private void adopt(String pid, KnownOverride gone) {
        KnownOverride heir = known.get(pid).adopting(gone);
        known.put(pid, heir);
        if (heir.state() == State.BLOCKED) {
            lastGood.forget(pid);
        } else {
            Map<String, String> texts = new HashMap<>(heir.good());
            texts.put(KEPT_AS, State.ADOPTED.name());
            lastGood.save(pid, texts);
        }
        LOG.error("{}", heir.alarm());
    }

    /** While there is a file of which nobody can tell what it is for, it may be the new name of any that is gone. */
    private void lapse(long now, long settle) {
        if (!pids(one -> one.state() == State.NAMELESS && !one.isGone()).isEmpty()) {
            return;
        }
        for (String pid : pids(one -> one.isGone() && now - one.goneAt().orElseThrow() >= settle)) {
            KnownOverride gone = known.remove(pid);
            lastGood.forget(pid);
            LOG.info("the override for \"{}\" in {} is taken away", gone.name(), gone.file());
        }
    }

    @Override
    public OptionalLong nextLapse(long settle) {
        return known.values().stream()
                .flatMapToLong(one -> one.goneAt().stream())
                .map(at -> at + settle)
                .reduce((a, b) -> a - b < 0 ? a : b);
    }

    /** {@return whether it is known of each file which middleware it is for} */
    @Override
    public boolean isKnown() {
        return pids(one -> one.state() == State.NAMELESS).isEmpty();
    }

    /** {@return what is in force, by middleware} */
    private Map<String, PlaceOverride> inForce() {
        Map<String, PlaceOverride> byName = new HashMap<>();
        ordered().forEach(pid -> {
            KnownOverride one = known.get(pid);
            byName.putIfAbsent(one.name(), one.override());
        });
        return byName;
    }

    /** {@return for each file that has a mistake in it, or doesn't count, what is wrong and what comes of it} */
    @Override
    public List<String> alarms() {
        return Stream.concat(
                        known.values().stream()
                                .filter(one -> !one.faults().isEmpty())
                                .map(KnownOverride::alarm),
                        outdone.values().stream())
                .toList();
    }

    private void compare() {
        Map<String, KnownOverride> byName = new HashMap<>();
        Map<String, String> now = new TreeMap<>();
        ordered().forEach(pid -> {
            KnownOverride one = known.get(pid);
            KnownOverride first = byName.putIfAbsent(one.name(), one);
            if (first != null && !one.isGone() && one.faults().isEmpty()) {
                now.put(
                        pid,
                        "The override in " + one.file() + " is not taken: " + first.file() + " is for \"" + one.name()
                                + "\" too, and counts, as its name comes first. Keep one of the two.");
            }
        });
        now.forEach((pid, sentence) -> {
            if (!sentence.equals(outdone.get(pid))) {
                LOG.error("{}", sentence);
            }
        });
        outdone = now;
    }

    /** Those in force, the one that counts first. */
    private Stream<String> ordered() {
        return pids(KnownOverride::isInForce).stream().sorted(Comparator.comparing(pid -> counts(known.get(pid))));
    }

    /** What a file says itself goes before what it has from another, and that before what is gone. */
    private static int counts(KnownOverride one) {
        if (one.isGone()) {
            return 2;
        }
        return one.state() == State.OWN || one.state() == State.BLOCKED ? 0 : 1;
    }

    private List<String> pids(Predicate<KnownOverride> which) {
        List<String> pids = new ArrayList<>();
        known.forEach((pid, one) -> {
            if (which.test(one)) {
                pids.add(pid);
            }
        });
        return pids;
    }
}

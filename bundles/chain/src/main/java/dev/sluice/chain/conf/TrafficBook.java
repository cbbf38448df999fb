package dev.sluice.chain.conf;

import dev.sluice.chain.RefusedRule;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Ruling;
import dev.sluice.chain.snapshot.Snapshot;
import dev.sluice.chain.split.Rule;
import dev.sluice.conf.LastGood;
import dev.sluice.conf.Origin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's files of traffic rules. Which rule is in force the roster decides, as that hangs on which versions are there:
 * this tells it what the files say, and keeps what it has accepted on the disk.
 *
 * <p>A rule goes only when its file has stayed away for a while, as one that is renamed, or saved by a rename, is gone for a
 * moment in which all requests would get the highest version. Its monitor guards what is known of the files; the chain's is
 * taken inside it, never the other way round.
 */
final class TrafficBook implements OperatorFiles.Book {

    private static final Logger LOG = LoggerFactory.getLogger(TrafficBook.class);

    /** How the reason of a rule ends that only waits for a version. */
    private static final String AS_SOON = "; it is taken as soon as there is";

    /** How the reason of a rule ends that another goes before. */
    private static final String OUTDONE = " too, and counts, as its name comes first";

    private final LastGood lastGood;
    private final Chain chain;
    private final Executor later;

    // Guarded by this.
    private final Map<String, TrafficFile> known = new TreeMap<>();
    private final Map<String, Rule> told = new HashMap<>();
    private Map<String, RefusedRule> saidRefused = Map.of();
    private Snapshot watched;
    private boolean begun;

    /**
     * Knows of no file yet.
     *
     * @param lastGood the rules that were last in force
     * @param chain the chain
     * @param later runs what is due when the chain has changed
     */
    TrafficBook(LastGood lastGood, Chain chain, Executor later) {
        this.lastGood = lastGood;
        this.chain = chain;
        this.later = later;
    }

    @Override
    public synchronized void read(Map<String, Map<String, Object>> present, boolean starting, long now, long settle) {
        if (!begun) {
            // What went while the container was down didn't go a moment ago.
            lastGood.keepOnly(present.keySet());
            begun = true;
        }
        Set<String> changed = new TreeSet<>();
        present.forEach((pid, properties) -> {
            if (take(pid, properties)) {
                changed.add(pid);
            }
        });
        known.replaceAll((pid, one) -> one.isGone() || present.containsKey(pid) ? one : one.gone(now));
        handOver();
        lapse(now, settle);
        chain.change(roster -> roster.rules(wanted()), "the operator's traffic rules");
        settle();
        Map<String, RefusedRule> refused = refused();
        refused.forEach((pid, one) -> {
            // Another file may be the reason, and the one that has changed.
            boolean isNews = one.reason().endsWith(OUTDONE) && !one.equals(saidRefused.get(pid));
            if (changed.contains(pid) || isNews) {
                LOG.error("{}", alarm(one));
            }
        });
        saidRefused = refused;
    }

    /** {@return whether the file says something new} */
    private boolean take(String pid, Map<String, Object> properties) {
        TrafficReading reading = new TrafficReading(properties);
        TrafficFile before = known.get(pid);
        if (before != null && before.seen().equals(reading.texts())) {
            known.put(pid, before.back());
            return false;
        }
        String name = Origin.of(properties, pid);
        Optional<Rule> good = before != null
                ? before.before()
                : lastGood.load(pid).or(() -> lastGood.outdated(pid)).flatMap(texts -> new TrafficReading(texts)
                        .rule());
        known.put(pid, TrafficFile.read(name, reading, good));
        return true;
    }

    /** Another file about the same takes over from one that is gone, with what that has in force. */
    private void handOver() {
        for (String pid : pids(TrafficFile::isGone)) {
            Optional<Rule> inForce = inForce(pid);
            if (inForce.isEmpty()) {
                continue;
            }
            List<String> heirs = pids(
                    one -> !one.isGone() && one.about().equals(inForce.get().subject()));
            if (!heirs.isEmpty()) {
                String heir = heirs.get(0);
                LOG.info(
                        "{} takes the place of {}",
                        known.get(heir).name(),
                        known.get(pid).name());
                known.put(heir, known.get(heir).adopting(inForce.get()));
                drop(pid);
            }
        }
    }

    private void lapse(long now, long settle) {
        for (String pid : pids(one -> one.isGone() && now - one.goneAt().orElseThrow() >= settle)) {
            LOG.info("the traffic rule in {} is taken away", known.get(pid).name());
            drop(pid);
        }
    }

    private void drop(String pid) {
        known.remove(pid);
        told.remove(pid);
        lastGood.forget(pid);
    }

    /** Those that are there go before those that are gone; else they count in the order of their names. */
    private List<Ruling.Wanted> wanted() {
        return Stream.concat(pids(one -> !one.isGone()).stream(), pids(TrafficFile::isGone).stream())
                .map(pid -> new Ruling.Wanted(
                        pid, known.get(pid).says(), known.get(pid).before()))
                .toList();
    }

    /**
     * Keeps what is in force by now; and while a rule waits for a version, looks again after each change of the chain. The
     * snapshot is looked at before the roster, which is never older: so no change is missed.
     */
    private synchronized void settle() {
        Snapshot snapshot = chain.current();
        List<Ruling> rulings = chain.roster().traffic().rulings();
        for (Ruling ruling : rulings) {
            ruling.inForce().ifPresent(rule -> keep(ruling.id(), rule));
        }
        if (snapshot != watched
                && rulings.stream().anyMatch(ruling -> ruling.waiting().isPresent())) {
            watched = snapshot;
            snapshot.replaced().thenRunAsync(this::settle, later);
        }
    }

    private void keep(String pid, Rule rule) {
        TrafficFile file = known.get(pid);
        if (file != null && !rule.equals(told.put(pid, rule))) {
            LOG.info("traffic rule for {} from {}: {}", rule.subject(), file.name(), TrafficReading.texts(rule));
            lastGood.save(pid, TrafficReading.texts(rule));
        }
    }

    private Optional<Rule> inForce(String pid) {
        return chain.roster().traffic().rulings().stream()
                .filter(ruling -> ruling.id().equals(pid))
                .findFirst()
                .flatMap(Ruling::inForce);
    }

    private List<String> pids(Predicate<TrafficFile> which) {
        List<String> pids = new ArrayList<>();
        known.forEach((pid, one) -> {
            if (which.test(one)) {
                pids.add(pid);
            }
        });
        return pids;
    }

    // ---- what operators are shown

    /** {@return how operators call the file with a PID} */
    synchronized String name(String pid) {
        return Optional.ofNullable(known.get(pid)).map(TrafficFile::name).orElse(pid);
    }

    /** {@return the files that aren't taken, in the order of their names, as they are now} */
    synchronized Map<String, RefusedRule> refused() {
        Roster roster = chain.roster();
        Map<String, Ruling> rulings = new HashMap<>();
        roster.traffic().rulings().forEach(ruling -> rulings.put(ruling.id(), ruling));
        Map<Rule.Subject, String> first = new HashMap<>();
        Map<String, RefusedRule> refused = new TreeMap<>();
        known.forEach((pid, file) -> {
            if (!file.isGone()) {
                Optional<Ruling> ruling = Optional.ofNullable(rulings.get(pid));
                List<String> reasons = new ArrayList<>(file.faults());
                ruling.flatMap(Ruling::waiting).ifPresent(waiting -> reasons.addAll(missing(roster, waiting)));
                String other = first.putIfAbsent(file.about(), file.name());
                boolean outdone = other != null && !file.about().name().isEmpty();
                if (outdone) {
                    reasons.add(other + " is for " + file.about() + OUTDONE);
                }
                if (!reasons.isEmpty()) {
                    refused.put(
                            pid,
                            new RefusedRule(
                                    file.name(),
                                    String.join("; ", reasons),
                                    !outdone && ruling.flatMap(Ruling::inForce).isPresent()));
                }
            }
        });
        return refused;
    }

    private static List<String> missing(Roster roster, Rule rule) {
        Set<String> missing = new TreeSet<>(roster.missing(rule));
        Collection<String> there = new TreeSet<>(roster.present(rule.subject()));
        if (there.isEmpty()) {
            return List.of("there is no " + rule.subject() + Meant.hint(rule.subject(), roster)
                    + "; it is taken as soon as there is, with " + String.join(", ", missing));
        }
        return missing.stream()
                .map(version -> "there is no version " + version + " of " + rule.subject() + " yet, but "
                        + String.join(", ", there) + AS_SOON)
                .toList();
    }

    private static String alarm(RefusedRule refused) {
        if (refused.reason().endsWith(AS_SOON)) {
            // What chain.md asks for: first the rule, then the version.
            return "The traffic rule in " + refused.file() + " waits"
                    + (refused.lastGood() ? ", and the one that it had before stays in force" : "") + ": "
                    + refused.reason();
        }
        return "The traffic rule in " + refused.file() + " is not taken"
                + (refused.lastGood() ? ", and the one that it had before stays in force" : "") + ": "
                + refused.reason()
                + (refused.reason().endsWith(OUTDONE) ? ". Keep one of the two." : ". Mend the file, or delete it.");
    }

    // ---- of the files as such

    @Override
    public synchronized OptionalLong nextLapse(long settle) {
        return known.values().stream()
                .flatMapToLong(one -> one.goneAt().stream())
                .map(at -> at + settle)
                .reduce((a, b) -> a - b < 0 ? a : b);
    }

    /** A rule with a mistake closes nothing: the last good one is in force, or the highest version serves. */
    @Override
    public boolean isKnown() {
        return true;
    }

    @Override
    public List<String> alarms() {
        return refused().values().stream().map(TrafficBook::alarm).toList();
    }
}

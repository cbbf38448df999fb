package dev.sluice.chain.conf;

import dev.sluice.chain.RefusedRule;
import dev.sluice.chain.conf.OperatorFiles.Kind;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.PlaceOverride;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.conf.LastGood;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.ConfigurationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators say of single middleware: overrides and traffic rules, each in files of their own. To be registered as a
 * listener before it is told what to read from. Thread-safe: each kind of files has a monitor of its own, and neither is taken
 * inside the other.
 */
public final class OperatorRules implements ConfigurationListener {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorRules.class);

    private final Chain chain;
    private final OperatorFiles overrides;
    private final TrafficBook trafficBook;
    private final OperatorFiles traffic;
    /** The middleware that operators override, whether there are such or not. */
    private volatile Set<String> overridden = Set.of();

    /**
     * Knows no file yet.
     *
     * @param chain what they are in force in
     * @param kept the folder for what files of a kind said when they were last taken
     * @param settle for how long a file must stay away until what it said is in force no longer
     * @param nanoTime a monotonic clock
     * @param timer runs what is due later
     */
    public OperatorRules(
            Chain chain,
            Function<String, Path> kept,
            Supplier<Duration> settle,
            LongSupplier nanoTime,
            ScheduledExecutorService timer) {
        this.chain = chain;
        this.overrides = new OperatorFiles(
                Kind.OVERRIDES,
                new OverrideBook(
                        new LastGood(kept.apply("overrides"), "override", "its place would be closed"), this::override),
                settle,
                nanoTime,
                timer);
        this.trafficBook = new TrafficBook(
                new LastGood(
                        kept.apply("traffic"),
                        "traffic rule",
                        "what it said before would be in force, or the highest version get all requests"),
                chain,
                timer);
        this.traffic = new OperatorFiles(Kind.TRAFFIC, trafficBook, settle, nanoTime, timer);
    }

    /** Takes all that is there into force, now and at each change. */
    public void readFrom(ConfigurationAdmin configurations) {
        overrides.readFrom(configurations);
        traffic.readFrom(configurations);
    }

    /** What is in force stays: that nobody can tell of changes is no change. */
    public void forget(ConfigurationAdmin configurations) {
        overrides.forget(configurations);
        traffic.forget(configurations);
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        overrides.configurationEvent(event);
        traffic.configurationEvent(event);
    }

    /** Reads nothing any more. What is in force stays. */
    public void close() {
        overrides.close();
        traffic.close();
    }

    /** Runs an action as soon as what all files say is in force: at once, unless they couldn't be read yet. */
    public void whenKnown(Runnable action) {
        overrides.whenKnown(() -> traffic.whenKnown(action));
    }

    private void override(Map<String, PlaceOverride> overrides) {
        overridden = Set.copyOf(overrides.keySet());
        chain.change(roster -> roster.override(overrides), "an operator's override");
        logDisabledButRequired();
    }

    /** Two words of an operator against each other: the one that lets nothing pass counts. */
    public void logDisabledButRequired() {
        chain.roster()
                .disabledButRequired()
                .forEach(name -> LOG.error(
                        "\"{}\" is disabled by an override and required by chain.required: requests on its paths are"
                                + " answered with 503. Take it out of one of the two",
                        name));
    }

    /** {@return how operators call the file of traffic rules with a PID} */
    public String trafficFile(String pid) {
        return trafficBook.name(pid);
    }

    /** {@return the traffic rules that aren't taken, in the order of their files' names} */
    public List<RefusedRule> refused() {
        return List.copyOf(trafficBook.refused().values());
    }

    /**
     * {@return what operators have to mend, as sentences}
     *
     * @param candidates the middleware that aren't in the chain yet
     */
    public List<String> alarms(Collection<String> candidates) {
        return Stream.of(overrides.alarms(), overridesOfNobody(candidates), traffic.alarms())
                .flatMap(List::stream)
                .toList();
    }

    /** Before the chain is open nobody can tell which middleware are still to come. */
    private List<String> overridesOfNobody(Collection<String> candidates) {
        if (!chain.isOpen()) {
            return List.of();
        }
        Set<String> names = Stream.of(
                        chain.current().places().stream().map(Place::name),
                        chain.roster().units().map(Unit::name),
                        candidates.stream())
                .flatMap(Function.identity())
                .collect(Collectors.toCollection(TreeSet::new));
        return overridden.stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .map(name -> "There is no middleware \"" + name + "\"" + Meant.hint(name, names)
                        + ", though an override in conf/dev.sluice.middleware-*.cfg is for it (name = " + name
                        + "): it has no effect. Mend the name, delete the file, or put a JAR that brings the middleware into"
                        + " the deploy folder."
                        + (names.isEmpty() ? "" : " There are " + String.join(", ", names) + "."))
                .toList();
    }
}

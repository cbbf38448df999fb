package dev.sluice.deployer.testing;

import dev.sluice.chain.ChainControl;
import dev.sluice.chain.ChainView;
import dev.sluice.chain.Claim;
import dev.sluice.chain.DrainOutcome;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Figures;
import dev.sluice.chain.LatencyCounts;
import dev.sluice.chain.OpenRequests;
import dev.sluice.chain.Operator;
import dev.sluice.chain.OwnFigures;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.ProbeResult;
import dev.sluice.chain.ReleaseRule;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.chain.Split;
import dev.sluice.chain.TrafficView;
import dev.sluice.chain.Trip;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.middleware.Middleware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/**
 * A chain that keeps the promises of {@link ChainControl} for middleware in a framework, without requests: tests take
 * leases by hand.
 */
public final class FakeChain implements ChainControl {

    /** One published unit, or one that drains. */
    private record Unit(String name, String symbolicName, String version, long bundleId) {
        UnitView view(UnitState state, long leases) {
            return view(state, leases, Optional.empty());
        }

        UnitView view(UnitState state, long leases, Optional<Trip> trip) {
            return new UnitView(name, version, symbolicName, bundleId, state, leases, List.of(), trip);
        }
    }

    private static final long[] BOUNDS = {1_000_000, 1_100_000};

    private final BundleContext context;
    private final List<Unit> units = new ArrayList<>();
    private final Map<Long, FakeClaim> claims = new HashMap<>();
    private final Map<Long, CompletableFuture<Void>> over = new HashMap<>();
    private final Map<Long, Integer> leases = new HashMap<>();
    private final Map<Long, List<CompletableFuture<DrainOutcome>>> drains = new HashMap<>();
    private final List<String> causes = new ArrayList<>();
    private final Map<String, Runnable> refusing = new HashMap<>();
    private final Map<String, Runnable> following = new HashMap<>();
    private final Map<String, Long> vacancies = new TreeMap<>();
    private final List<String> history = new ArrayList<>();
    private final Map<String, Trip> trips = new HashMap<>();
    private List<ReservedPlace> reserved = List.of();
    private List<Split> splits = List.of();
    private final List<String> shared = new ArrayList<>();
    private Set<Long> watched = Set.of();
    private final Map<Long, Figures> counted = new HashMap<>();
    private List<TrafficView> rules = List.of();
    private long looks;
    private long notes;
    private long generation;
    private boolean open;
    private boolean isAway;
    private boolean isToObserve = true;
    private boolean isToCount = true;
    private long refused;
    private volatile Optional<String> unreadRules = Optional.empty();

    public FakeChain(BundleContext context) {
        this.context = context;
        context.addServiceListener(this::changed);
        context.addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.UNINSTALLED) {
                gone(event.getBundle().getBundleId());
            }
        });
    }

    private synchronized void gone(long bundleId) {
        units.removeIf(unit -> unit.bundleId() == bundleId);
        claims.remove(bundleId);
    }

    private void changed(ServiceEvent event) {
        ServiceReference<?> reference = event.getServiceReference();
        List<String> types = List.of((String[]) reference.getProperty(Constants.OBJECTCLASS));
        if (!types.contains(Middleware.class.getName())) {
            return;
        }
        long bundleId = reference.getBundle().getBundleId();
        if (event.getType() == ServiceEvent.REGISTERED) {
            FakeClaim claim;
            synchronized (this) {
                claim = claims.get(bundleId);
                if (claim == null) {
                    units.add(unit(reference));
                    vacancies.remove(unit(reference).name());
                    generation++;
                }
            }
            if (claim != null) {
                claim.registered();
            }
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            synchronized (this) {
                Unit gone = unit(reference);
                if (units.remove(gone) && Operator.current().isEmpty()) {
                    vacancies.put(gone.name(), bundleId);
                }
            }
        }
    }

    private static Unit unit(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        Object name = reference.getProperty("middleware.name");
        return new Unit(
                name == null ? bundle.getSymbolicName() : name.toString(),
                bundle.getSymbolicName(),
                bundle.getVersion().toString(),
                bundle.getBundleId());
    }

    private static List<ServiceReference<?>> middleware(Bundle bundle) {
        ServiceReference<?>[] registered = bundle.getRegisteredServices();
        return registered == null
                ? List.of()
                : Arrays.stream(registered)
                        .filter(reference -> List.of((String[]) reference.getProperty(Constants.OBJECTCLASS))
                                .contains(Middleware.class.getName()))
                        .collect(Collectors.toList());
    }

    /** From now on it isn't known what operators require; empty if it is. */
    public void unreadRules(Optional<String> why) {
        unreadRules = why;
    }

    @Override
    public Optional<String> unreadRules() {
        return unreadRules;
    }

    @Override
    public synchronized Claim claim(long bundleId) {
        if (claims.containsKey(bundleId) || units.stream().anyMatch(unit -> unit.bundleId() == bundleId)) {
            throw new IllegalStateException("bundle " + bundleId + " is claimed already, or has units");
        }
        FakeClaim claim = new FakeClaim(bundleId);
        claims.put(bundleId, claim);
        return claim;
    }

    @Override
    public synchronized long publish(Set<Long> publish, Set<Long> retire, String cause) {
        for (long bundleId : publish) {
            if (!claims.containsKey(bundleId)) {
                throw new IllegalStateException("bundle " + bundleId + " isn't claimed");
            }
            String symbolicName = context.getBundle(bundleId).getSymbolicName();
            if (refusing.containsKey(symbolicName)) {
                refusing.get(symbolicName).run();
                throw new IllegalStateException(symbolicName + " can't be published");
            }
        }
        boolean changed = units.removeIf(unit -> retire.contains(unit.bundleId()))
                | vacancies.values().removeIf(retire::contains);
        for (long bundleId : publish) {
            claims.remove(bundleId);
            for (ServiceReference<?> reference : middleware(context.getBundle(bundleId))) {
                Unit unit = unit(reference);
                units.add(unit);
                vacancies.remove(unit.name());
                reserved = reserved.stream()
                        .filter(place -> !place.name().equals(unit.name()))
                        .toList();
                changed = true;
            }
        }
        if (changed) {
            generation++;
            causes.add(cause);
        }
        history.add(serving());
        publish.stream()
                .map(bundleId -> following.remove(context.getBundle(bundleId).getSymbolicName()))
                .filter(Objects::nonNull)
                .forEach(Runnable::run);
        return generation;
    }

    @Override
    public synchronized long publish(Set<Long> publish, Set<Long> retire, Collection<Split> given, String cause) {
        if (isAway) {
            refused++;
            throw new IllegalStateException("the chain is away");
        }
        splits = List.copyOf(given);
        long now = publish(publish, retire, cause);
        shared.add(shares());
        return now;
    }

    private List<ReleaseRule> releaseRules = List.of();

    @Override
    public synchronized long publish(
            Set<Long> publish, Set<Long> retire, Collection<Split> given, Collection<ReleaseRule> rules, String cause) {
        long now = publish(publish, retire, given, cause);
        releaseRules = List.copyOf(rules);
        return now;
    }

    /** {@return the rules of releases that hold, by file} */
    public synchronized List<ReleaseRule> releaseRules() {
        return releaseRules;
    }

    @Override
    public List<String> faults(Map<String, String> texts) {
        return texts.containsKey("weights") ? List.of() : List.of("it has no weights");
    }

    /** {@return for each split its shares as {@code name:version=weight,version=weight}} */
    public synchronized String shares() {
        return splits.stream()
                .map(split -> split.group() + ":"
                        + split.shares().stream()
                                .map(share -> version(share.bundleId()) + "=" + share.weight())
                                .collect(Collectors.joining(",")))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private String version(long bundleId) {
        Bundle bundle = context.getBundle(bundleId);
        return bundle == null ? "gone" : bundle.getVersion().toString();
    }

    /** {@return what was shared after each change, as it came; what was the same as before is left out} */
    public synchronized List<String> shared() {
        List<String> different = new ArrayList<>();
        for (String one : shared) {
            if (different.isEmpty() || !different.get(different.size() - 1).equals(one)) {
                different.add(one);
            }
        }
        return different;
    }

    /** Requests to the versions of a middleware that share them, each after the other, of which some fail by its own fault. */
    public synchronized void request(long bundleId, String middleware, long requests, long failures) {
        request(bundleId, middleware, requests, failures, 0);
    }

    /** The same, where it has answered some with a server error itself. */
    public synchronized void request(long bundleId, String middleware, long requests, long failures, long ownErrors) {
        Figures before = counted.getOrDefault(bundleId, figures(middleware, bundleId, 0, 0, 0));
        counted.put(
                bundleId,
                figures(
                        middleware,
                        bundleId,
                        requests + before.requests(),
                        failures + before.failures(),
                        ownErrors + before.ownErrors()));
    }

    /** An operator's rule stands for a middleware. */
    public synchronized void rule(TrafficView rule) {
        rules = List.of(rule);
    }

    @Override
    public synchronized void observe(Set<Long> bundleIds) {
        if (!isToObserve) {
            throw new IllegalStateException("the chain is away");
        }
        watched = Set.copyOf(bundleIds);
    }

    /** {@return the bundles that are observed besides those in splits} */
    public synchronized Set<Long> watched() {
        return watched;
    }

    @Override
    public synchronized List<Figures> figures(long bundleId) {
        if (!isToCount) {
            throw new IllegalStateException("the chain is away");
        }
        looks++;
        boolean isObserved = splits.stream()
                .flatMap(split -> split.shares().stream())
                .anyMatch(share -> share.bundleId() == bundleId);
        return units.stream()
                .filter(unit -> (isObserved || watched.contains(bundleId)) && unit.bundleId() == bundleId)
                .map(unit -> counted.getOrDefault(bundleId, figures(unit.name(), bundleId, 0, 0, 0)))
                .toList();
    }

    private static Figures figures(String middleware, long bundleId, long requests, long failures, long ownErrors) {
        return new Figures(
                middleware, bundleId, requests, failures, ownErrors, ownErrors, new LatencyCounts(BOUNDS, new long[] {
                    requests, 0, 0
                }));
    }

    @Override
    public synchronized List<OwnFigures> ownFigures() {
        notes++;
        return units.stream()
                .map(unit -> counted.getOrDefault(unit.bundleId(), figures(unit.name(), unit.bundleId(), 0, 0, 0)))
                .map(figures -> new OwnFigures(
                        figures.middleware(),
                        figures.bundleId(),
                        true,
                        0,
                        0,
                        figures.requests() - figures.failures(),
                        figures.ownErrors(),
                        figures.failures()))
                .toList();
    }

    /** {@return how often it was asked what units have answered themselves} */
    public synchronized long notes() {
        return notes;
    }

    /** {@return how often figures were asked for} */
    public synchronized long looks() {
        return looks;
    }

    @Override
    public CompletableFuture<DrainOutcome> drain(long bundleId, Duration deadline) {
        CompletableFuture<DrainOutcome> drain = new CompletableFuture<>();
        synchronized (this) {
            int left = leases.getOrDefault(bundleId, 0);
            if (left == 0) {
                drain.complete(new DrainOutcome(0, Duration.ZERO));
            } else {
                drains.computeIfAbsent(bundleId, id -> new ArrayList<>()).add(drain);
                drain.completeOnTimeout(new DrainOutcome(left, deadline), deadline.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        return drain;
    }

    @Override
    public synchronized OpenRequests requests(long bundleId) {
        int count = leases.getOrDefault(bundleId, 0);
        return count == 0
                ? OpenRequests.none()
                : new OpenRequests(
                        List.of(new OpenRequests.Request("GET /events", Duration.ofSeconds(9))),
                        count,
                        over.computeIfAbsent(bundleId, id -> new CompletableFuture<>()));
    }

    @Override
    public synchronized void reserve(Collection<ReservedPlace> places) {
        reserved = places.stream()
                .filter(place -> !vacancies.containsKey(place.name())
                        && units.stream().noneMatch(unit -> unit.name().equals(place.name())))
                .toList();
        history.add(serving());
    }

    @Override
    public boolean reset(String name, String version) {
        throw new UnsupportedOperationException("the deployer resets nothing");
    }

    @Override
    public synchronized void open() {
        history.add("open " + serving());
        open = true;
    }

    @Override
    public synchronized ChainView view() {
        Map<String, List<Unit>> byName = new TreeMap<>(units.stream().collect(Collectors.groupingBy(Unit::name)));
        List<PlaceView> places = byName.entrySet().stream()
                .map(place -> place(place.getKey(), place.getValue()))
                .collect(Collectors.toList());
        vacancies.forEach((name, bundle) -> places.add(new PlaceView(
                name, "?", 0, List.of("/*"), FailureMode.CLOSED, Optional.empty(), List.of(), false, false)));
        reserved.stream()
                .filter(place -> !byName.containsKey(place.name()))
                .forEach(place -> places.add(new PlaceView(
                        place.name(),
                        place.owner(),
                        place.ranking(),
                        place.paths(),
                        place.onFailure(),
                        Optional.empty(),
                        List.of(),
                        false,
                        false)));
        return new ChainView(generation, open, false, places, List.of(), 0, 0, rules, List.of(), List.of());
    }

    private PlaceView place(String name, List<Unit> versions) {
        List<UnitView> highestFirst = versions.stream()
                .sorted(Comparator.comparing((Unit unit) -> org.osgi.framework.Version.parseVersion(unit.version()))
                        .reversed())
                .map(unit -> unit.view(
                        UnitState.SERVING,
                        leases.getOrDefault(unit.bundleId(), 0),
                        Optional.ofNullable(trips.get(unit.name()))
                                .or(() -> Optional.ofNullable(trips.get(String.valueOf(unit.bundleId()))))))
                .toList();
        return new PlaceView(
                name,
                highestFirst.get(0).symbolicName(),
                0,
                List.of("/*"),
                FailureMode.CLOSED,
                Optional.of(highestFirst.get(0)),
                highestFirst.subList(1, highestFirst.size()),
                false,
                false);
    }

    /** {@return for each place {@code name=version} of what serves, or {@code name=closed}} */
    public String serving() {
        return view().places().stream()
                .map(place -> place.name() + "="
                        + place.serving().map(UnitView::version).orElse("closed"))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** {@return what served after each change that the deployer made, and when it opened} */
    public synchronized List<String> history() {
        return List.copyOf(history);
    }

    public synchronized List<String> causes() {
        return List.copyOf(causes);
    }

    /** Publishing a bundle of this name fails from now on. */
    public void refuse(String symbolicName) {
        refuse(symbolicName, () -> {});
    }

    /** The same, and something happens just then. */
    public synchronized void refuse(String symbolicName, Runnable meanwhile) {
        refusing.put(symbolicName, meanwhile);
    }

    /** Something happens as soon as a bundle of this name is published, once, and before the deployer hears of it. */
    public synchronized void afterPublish(String symbolicName, Runnable meanwhile) {
        following.put(symbolicName, meanwhile);
    }

    /** A middleware goes away while its bundle runs on, as when its component is disabled. */
    public synchronized void vanish(String name) {
        units.stream().filter(unit -> unit.name().equals(name)).findFirst().ifPresent(unit -> {
            units.remove(unit);
            vacancies.put(name, unit.bundleId());
        });
    }

    /** All versions of a middleware trip. */
    public synchronized void trip(String name, Trip trip) {
        trips.put(name, trip);
    }

    /** One version trips. */
    public synchronized void trip(long bundleId, Trip trip) {
        trips.put(String.valueOf(bundleId), trip);
    }

    /** A version serves again that has tripped. */
    public synchronized void resetTrip(long bundleId) {
        trips.remove(String.valueOf(bundleId));
    }

    /** From now on nothing can be published, or can again, as while the chain is updated. */
    public synchronized void away(boolean away) {
        isAway = away;
    }

    /** From now on it can't be asked to observe anything, or can again. */
    public synchronized void observes(boolean observes) {
        isToObserve = observes;
    }

    /** From now on it can't be asked for figures, or can again. */
    public synchronized void counts(boolean counts) {
        isToCount = counts;
    }

    /** {@return how often something was to be published while it was away} */
    public synchronized long refused() {
        return refused;
    }

    /** A request begins to hold a bundle's units. */
    public synchronized void enter(long bundleId) {
        leases.merge(bundleId, 1, Integer::sum);
    }

    /** The request ends. */
    public void leave(long bundleId) {
        List<CompletableFuture<DrainOutcome>> drained = List.of();
        CompletableFuture<Void> ended = null;
        synchronized (this) {
            if (leases.merge(bundleId, -1, Integer::sum) == 0) {
                ended = over.remove(bundleId);
                drained = Optional.ofNullable(drains.remove(bundleId)).orElse(List.of());
            }
        }
        drained.forEach(drain -> drain.complete(new DrainOutcome(0, Duration.ofMillis(1))));
        if (ended != null) {
            ended.complete(null);
        }
    }

    private final class FakeClaim implements Claim {
        private final long bundleId;
        private final Map<CompletableFuture<Void>, Set<String>> waiting = new HashMap<>();

        FakeClaim(long bundleId) {
            this.bundleId = bundleId;
        }

        @Override
        public long bundleId() {
            return bundleId;
        }

        @Override
        public CompletableFuture<Void> registered(Set<String> names) {
            CompletableFuture<Void> all = new CompletableFuture<>();
            synchronized (FakeChain.this) {
                waiting.put(all, names);
            }
            registered();
            return all;
        }

        void registered() {
            List<CompletableFuture<Void>> complete;
            synchronized (FakeChain.this) {
                Set<String> names = middleware(context.getBundle(bundleId)).stream()
                        .map(reference -> unit(reference).name())
                        .collect(Collectors.toSet());
                complete = waiting.entrySet().stream()
                        .filter(one -> names.containsAll(one.getValue()))
                        .map(Map.Entry::getKey)
                        .toList();
            }
            complete.forEach(one -> one.complete(null));
        }

        @Override
        public List<ProbeResult> probe() {
            return middleware(context.getBundle(bundleId)).stream()
                    .map(this::probe)
                    .toList();
        }

        private ProbeResult probe(ServiceReference<?> reference) {
            Unit unit = unit(reference);
            if (context.getService(reference) == null) {
                return new ProbeResult.Refused(
                        unit.name(), ProbeResult.Reason.SERVICE_UNAVAILABLE, "its service can't be had");
            }
            Optional<String> owner = owner(unit.name());
            if (owner.filter(other -> !other.equals(unit.symbolicName())).isPresent()) {
                return new ProbeResult.Refused(
                        unit.name(), ProbeResult.Reason.NAME_OWNED, "it is owned by " + owner.get());
            }
            return new ProbeResult.Ready(
                    unit.name(),
                    unit.view(UnitState.CANDIDATE, 0),
                    new ReservedPlace(unit.name(), unit.symbolicName(), 0, List.of("/*"), FailureMode.CLOSED));
        }

        private Optional<String> owner(String name) {
            synchronized (FakeChain.this) {
                return Stream.concat(
                                units.stream()
                                        .filter(unit -> unit.name().equals(name))
                                        .map(Unit::symbolicName),
                                reserved.stream()
                                        .filter(place -> place.name().equals(name))
                                        .map(ReservedPlace::owner))
                        .findFirst();
            }
        }

        @Override
        public void close() {
            synchronized (FakeChain.this) {
                waiting.keySet().forEach(one -> one.cancel(false));
                // The claim is over, but its candidates stay unserved: it is kept to tell.
            }
        }
    }
}

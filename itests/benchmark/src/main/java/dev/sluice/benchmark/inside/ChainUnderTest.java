package dev.sluice.benchmark.inside;

import dev.sluice.benchmark.bundle.OwnLoader;
import dev.sluice.benchmark.bundle.PassingMiddleware;
import dev.sluice.chain.FailureMode;
import dev.sluice.chain.Share;
import dev.sluice.chain.Split;
import dev.sluice.chain.Sticky;
import dev.sluice.chain.snapshot.Chain;
import dev.sluice.chain.snapshot.Entrance;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Spec;
import dev.sluice.chain.snapshot.Unit;
import dev.sluice.chain.snapshot.UnitVersion;
import dev.sluice.chain.snapshot.WaitingRoom;
import dev.sluice.middleware.Middleware;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The real chain, with units that only hand on, each of a class of its own. */
public final class ChainUnderTest implements AutoCloseable {

    private static final List<String> ALL = List.of("/*");

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Chain chain = new Chain(System::nanoTime, timer);
    private final Entrance entrance = new Entrance(
            chain, new WaitingRoom(new WaitingRoom.Limits(100, Duration.ofSeconds(2))), (request, whenOver) -> {});
    private long bundleId;

    /** Makes it, empty and open. */
    public ChainUnderTest() {
        chain.open();
    }

    Chain chain() {
        return chain;
    }

    Entrance entrance() {
        return entrance;
    }

    /** Adds units on all paths. */
    ChainUnderTest with(int middleware) {
        return with(middleware, ALL);
    }

    /** Adds units on the same patterns. */
    ChainUnderTest with(int middleware, List<String> patterns) {
        join(OwnLoader.instances(Middleware.class, PassingMiddleware.class, middleware).stream()
                .map(one -> unit("pass-" + ++bundleId, 1, one, patterns))
                .toList());
        return this;
    }

    /** Adds a middleware of which two versions share the requests. */
    ChainUnderTest split() {
        List<Middleware> versions = OwnLoader.instances(Middleware.class, PassingMiddleware.class, 2);
        List<Provider> both = new ArrayList<>();
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < versions.size(); i++) {
            bundleId++;
            both.add(unit("split", i + 1, versions.get(i), ALL));
            shares.add(new Share(bundleId, "version " + i, 50));
        }
        join(both);
        Split split = new Split("split", shares, Sticky.NONE);
        chain.change(roster -> roster.split(List.of(split)), "split");
        return this;
    }

    /** Counts what every unit does, as while rollouts are judged. */
    ChainUnderTest observed() {
        List<Long> bundles = chain.roster().units().map(Unit::bundleId).toList();
        chain.change(roster -> roster.watch(Set.copyOf(bundles)), "watch");
        return this;
    }

    /** Takes the last unit out and puts it in again: two publishes. */
    void publishTwice(Provider provider) {
        chain.change(roster -> roster.leave(provider.unit()), "leave");
        chain.change(roster -> roster.join(provider), "join");
    }

    /** Has one unit leave for good and another come, as the deployer does: one publish. */
    void swap(Provider retired, Provider published) {
        Set<Long> gone = Set.of(retired.unit().bundleId());
        chain.change(roster -> roster.retire(gone).join(published), "swap");
    }

    /** {@return another version of the same middleware, which isn't in the chain yet} */
    Provider successor(Provider provider) {
        Unit unit = provider.unit();
        bundleId++;
        return unit(unit.name(), unit.version().major() + 1, unit.middleware(), ALL);
    }

    /** Adds one unit, and gives it back to be taken out. */
    Provider joined() {
        Middleware one = OwnLoader.instances(Middleware.class, PassingMiddleware.class, 1)
                .get(0);
        bundleId++;
        Provider provider = unit("pass-" + bundleId, 1, one, ALL);
        join(List.of(provider));
        return provider;
    }

    private void join(List<Provider> providers) {
        chain.change(
                roster -> {
                    Roster changed = roster;
                    for (Provider provider : providers) {
                        changed = changed.join(provider);
                    }
                    return changed;
                },
                "join");
    }

    private Provider unit(String name, int version, Middleware middleware, List<String> patterns) {
        Unit unit = new Unit(
                name,
                new UnitVersion(version, 0, 0, ""),
                "by." + name,
                bundleId,
                middleware,
                middleware.getClass().getClassLoader());
        return new Provider(unit, new Spec(0, Spec.patterns(patterns), FailureMode.CLOSED));
    }

    @Override
    public void close() {
        chain.close();
    }
}

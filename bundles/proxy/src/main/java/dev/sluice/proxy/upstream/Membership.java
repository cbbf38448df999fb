package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.Address;
import dev.sluice.proxy.config.Ejection;
import dev.sluice.proxy.config.HealthCheck;
import dev.sluice.proxy.config.PoolSettings;
import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.config.UpstreamSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/**
 * The upstreams of all routes. A route that is changed finds those again that the change doesn't concern, with what is known
 * of them: else each change would send requests to upstreams that are known to fail.
 *
 * <p>Used by one thread at a time; the members are for all.
 */
public final class Membership {

    /** All that a member is made by: as long as it's equal, so is the member. Its weight is not the member's. */
    private record Key(
            String route, Address address, Ejection ejection, Optional<HealthCheck> health, PoolSettings pool) {}

    private record Kept(Member member, Optional<HealthChecks> checks) {}

    private final LongSupplier nanoTime;
    private final InstantSource clock;
    private final IntUnaryOperator random;
    private final ScheduledExecutorService timer;
    private final Map<Key, Kept> kept = new HashMap<>();

    /**
     * Begins without any.
     *
     * @param nanoTime a monotonic clock
     * @param clock a clock to show
     * @param random a random number from 0 on and below the one it is given; for use by many threads
     * @param timer on which health checks begin
     */
    public Membership(
            LongSupplier nanoTime, InstantSource clock, IntUnaryOperator random, ScheduledExecutorService timer) {
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.random = random;
        this.timer = timer;
    }

    /**
     * {@return the upstreams of a route, those that are known among them}
     *
     * @param route the route
     * @param pool its connections, which stay open as long as the upstreams are {@linkplain #keep kept}
     */
    public Members of(RouteSettings route, Pool pool) {
        // Who is alone gets all requests whatever happens: ejected, it would only look as if it didn't.
        Ejection ejection = route.upstreams().size() > 1 ? route.ejection() : new Ejection(0, Duration.ZERO);
        List<Member> members = route.upstreams().stream()
                .map(UpstreamSettings::address)
                .map(address -> new Key(route.name(), address, ejection, route.health(), route.pool()))
                .map(key -> kept.computeIfAbsent(key, absent -> make(key, pool)).member())
                .toList();
        return new Members(
                members,
                route.upstreams().stream().map(UpstreamSettings::weight).toList(),
                random);
    }

    private Kept make(Key key, Pool pool) {
        Member member = new Member(key.route, key.address, key.ejection, nanoTime, clock);
        return new Kept(
                member,
                key.health.map(check ->
                        new HealthChecks(member, check, new HealthRequest(pool, key.address, check)::send, timer)));
    }

    /**
     * Lets all others go: they aren't checked any more, and when they come again they are new.
     *
     * @param inUse those that routes in force have
     */
    public void keep(Collection<Members> inUse) {
        Set<Member> stay = new HashSet<>();
        inUse.forEach(members -> stay.addAll(members.members()));
        kept.values().removeIf(one -> {
            boolean goes = !stay.contains(one.member);
            if (goes) {
                one.checks.ifPresent(HealthChecks::close);
            }
            return goes;
        });
    }
}

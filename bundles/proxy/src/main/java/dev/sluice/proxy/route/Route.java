package dev.sluice.proxy.route;

import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.upstream.Members;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.RetryBudget;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A route, from when it's put into the table until the last request that found it there has ended.
 *
 * <p>Holders are counted: the table is one, each request is one. Who brings the count to zero ends the route, and zero is
 * final; so a request that comes too late is told so, and looks into the table again.
 */
final class Route {

    private final RouteSettings settings;
    private final Members members;
    private final Pool pool;
    private final RetryBudget retryBudget;
    private final Runnable end;
    private final AtomicLong holders = new AtomicLong(1);

    /**
     * Makes a route that the table holds.
     *
     * @param end is run once, by whoever leaves last; never blocks
     */
    Route(RouteSettings settings, Members members, Pool pool, RetryBudget retryBudget, Runnable end) {
        this.settings = settings;
        this.members = members;
        this.pool = pool;
        this.retryBudget = retryBudget;
        this.end = end;
    }

    boolean enter() {
        long before = holders.get();
        while (before > 0) {
            long found = holders.compareAndExchange(before, before + 1);
            if (found == before) {
                return true;
            }
            before = found;
        }
        return false;
    }

    void leave() {
        if (holders.decrementAndGet() == 0) {
            end.run();
        }
    }

    RouteSettings settings() {
        return settings;
    }

    Members members() {
        return members;
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    Visit visit(String strip) {
        return new Visiting(this, strip);
    }

    private record Visiting(Route route, String strip) implements Visit {

        @Override
        public RouteSettings settings() {
            return route.settings;
        }

        @Override
        public Members upstreams() {
            return route.members;
        }

        @Override
        public Pool pool() {
            return route.pool;
        }

        @Override
        public RetryBudget retryBudget() {
            return route.retryBudget;
        }

        @Override
        public void leave() {
            route.leave();
        }
    }
}

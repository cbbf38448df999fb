package dev.sluice.proxy.route;

import dev.sluice.proxy.config.RouteSettings;
import dev.sluice.proxy.upstream.Pool;
import dev.sluice.proxy.upstream.RetryBudget;
import dev.sluice.proxy.upstream.Upstreams;

/** A request on a route. As long as it isn't left, the route's connections stay open, also if the route is replaced. */
public interface Visit {

    /** {@return the route's settings} */
    RouteSettings settings();

    /** {@return the route's upstreams} */
    Upstreams upstreams();

    /** {@return the route's connections} */
    Pool pool();

    /** {@return the route's budget of retries} */
    RetryBudget retryBudget();

    /** {@return what is to be taken off the front of this request's path (decoded); empty for nothing} */
    String strip();

    /** Leaves the route. Called once, on any thread; never blocks. */
    void leave();
}

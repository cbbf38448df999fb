package dev.sluice.proxy.route;

/** Where a request goes. */
public sealed interface Way {

    /** No route is configured for the path. */
    record Nowhere() implements Way {}

    /**
     * The path's route is configured wrongly, and there are no last good ones.
     *
     * @param route the route's name
     */
    record Refused(String route) implements Way {}

    /**
     * Along a route.
     *
     * @param visit the visit
     */
    record Along(Visit visit) implements Way {}
}

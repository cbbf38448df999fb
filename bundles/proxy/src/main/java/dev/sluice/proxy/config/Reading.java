package dev.sluice.proxy.config;

import java.util.List;

/** What was made of a route's file. */
public sealed interface Reading {

    /**
     * A route.
     *
     * @param settings its settings
     */
    record Good(RouteSettings settings) implements Reading {}

    /**
     * No route: nothing of the file is taken, as half a route could send requests where they don't belong.
     *
     * @param faults what is wrong, one sentence each; at least one
     * @param paths the paths that it is for, as far as they can be made out
     */
    record Bad(List<String> faults, List<String> paths) implements Reading {}
}

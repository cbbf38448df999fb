package dev.sluice.chain.snapshot;

import jakarta.servlet.http.HttpServletRequest;

/** Where requests of one snapshot come to whose path the same places match: from here one route leads on, or several. */
final class Crossing {

    /** Null if there are several. */
    private final Route only;
    /** Null if there is one. */
    private final Fork fork;

    Crossing(Route only) {
        this.only = only;
        this.fork = null;
    }

    Crossing(Fork fork) {
        this.only = null;
        this.fork = fork;
    }

    Route route(HttpServletRequest request) {
        return only != null ? only : fork.choose(request);
    }
}

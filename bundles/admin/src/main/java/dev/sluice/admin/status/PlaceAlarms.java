package dev.sluice.admin.status;

import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import java.util.List;

/** Says of each place that keeps requests from going on why, and what to do. */
final class PlaceAlarms {

    private PlaceAlarms() {}

    /** {@return them} While the chain isn't open no request goes on anyway, and much is still to come. */
    static List<String> of(ChainView chain) {
        return chain.open() && !chain.stopping() ? missing(chain) : List.of();
    }

    /** {@return the same, whether the chain is open or not} */
    static List<String> missing(ChainView chain) {
        return chain.places().stream()
                .filter(PlaceView::blocks)
                .map(PlaceAlarms::missing)
                .toList();
    }

    private static String missing(PlaceView place) {
        String kind = place.required() ? "required (chain.required)" : "fail-closed";
        String what = "The " + kind + " middleware " + place.name() + " is missing: requests on " + place.paths()
                + " are answered with 503. ";
        return what
                + (place.required()
                        ? "Put its JAR into the deploy folder, or take the name out of chain.required in"
                                + " conf/dev.sluice.chain.cfg."
                        : "See what became of its JAR, under deployments in the status and in the log: mend it, or start"
                                + " its bundle again. To do without it, take its JAR out of the deploy folder.");
    }
}

package dev.sluice.admin.status;

import dev.sluice.chain.ChainView;
import dev.sluice.chain.PlaceView;
import dev.sluice.chain.Trip;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import java.util.List;

/** Says of each unit that has tripped what serves instead, and what to do. */
final class TripAlarms {

    private TripAlarms() {}

    static List<String> of(ChainView chain) {
        return chain.places().stream()
                .flatMap(place ->
                        place.units().flatMap(unit -> unit.trip().map(trip -> alarm(place, unit, trip)).stream()))
                .toList();
    }

    private static String alarm(PlaceView place, UnitView unit, Trip trip) {
        return "The middleware " + unit.name() + " " + unit.version() + " has tripped: " + trip.reason() + ". "
                + instead(place, unit)
                + " Look for its failures in the log, and put a version into the deploy folder that has them mended; or"
                + " let this one serve again: POST /api/v1/trip/reset, with name=" + unit.name() + " and version="
                + unit.version() + ".";
    }

    private static String instead(PlaceView place, UnitView unit) {
        boolean serves = place.serving().filter(unit::equals).isPresent();
        if (!serves) {
            return place.serving()
                    .map(other -> other.version() + " serves instead.")
                    .orElse("No other version serves at the moment.");
        }
        return unit.state() == UnitState.TRIPPED
                ? "No other version can serve, so requests on " + place.paths() + " are answered at once, but for those"
                        + " that probe it."
                : "It serves all the same, as no other version is left.";
    }
}

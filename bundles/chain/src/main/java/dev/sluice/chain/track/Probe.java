package dev.sluice.chain.track;

import dev.sluice.chain.ProbeResult;
import dev.sluice.chain.ProbeResult.Ready;
import dev.sluice.chain.ProbeResult.Reason;
import dev.sluice.chain.ProbeResult.Refused;
import dev.sluice.chain.ReservedPlace;
import dev.sluice.chain.UnitState;
import dev.sluice.chain.UnitView;
import dev.sluice.chain.conf.Ownership;
import dev.sluice.chain.snapshot.Place;
import dev.sluice.chain.snapshot.Provider;
import dev.sluice.chain.snapshot.Roster;
import dev.sluice.chain.snapshot.Unit;
import java.util.List;

/** Tells whether the middleware of one bundle could be published now. Runs code of the bundle. */
final class Probe {

    private final Roster roster;
    private final Ownership ownership;

    Probe(Roster roster, Ownership ownership) {
        this.roster = roster;
        this.ownership = ownership;
    }

    /** {@return what comes of each of a bundle's registrations, in their order} */
    List<ProbeResult> all(List<Registration> registrations) {
        return registrations.stream()
                .map(registration -> one(registration, registrations))
                .toList();
    }

    /**
     * Probes one registration. Of the others of its bundle only the names are read: one that hangs holds up no other.
     *
     * @param registration the registration
     * @param all all registrations of the bundle, in their order
     * @return what comes of it
     */
    ProbeResult one(Registration registration, List<Registration> all) {
        String name = registration.name();
        if (!registration.isNamed() && all.size() > 1) {
            return new Refused(
                    name,
                    Reason.BAD_NAME,
                    registration.symbolicName() + " registers several middleware, so each needs the property"
                            + " middleware.name (or the annotation @MiddlewareName)");
        }
        if (all.stream().takeWhile(earlier -> earlier != registration).anyMatch(earlier -> earlier.name()
                .equals(name))) {
            return new Refused(
                    name,
                    Reason.DUPLICATE_NAME,
                    registration.symbolicName() + " registers \"" + name + "\" twice: give one of them another name");
        }
        return ownership
                .objection(name, registration.symbolicName(), roster.owner(name))
                .<ProbeResult>map(objection -> new Refused(name, Reason.NAME_OWNED, objection))
                .orElseGet(() -> had(registration, name));
    }

    private ProbeResult had(Registration registration, String name) {
        try {
            Provider provider = registration.provider();
            return new Ready(name, view(provider.unit()), place(provider));
        } catch (Description.Unusable e) {
            return new Refused(name, e.reason(), e.getMessage());
        }
    }

    private static UnitView view(Unit unit) {
        return new UnitView(
                unit.name(), unit.version().toString(), unit.symbolicName(), unit.bundleId(), UnitState.CANDIDATE, 0);
    }

    private ReservedPlace place(Provider provider) {
        Place place = roster.placeFor(provider);
        return new ReservedPlace(
                place.name(),
                place.owner(),
                place.spec().ranking(),
                place.spec().pathTexts(),
                place.spec().onFailure());
    }
}

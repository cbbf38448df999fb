package dev.sluice.unload.witness;

import dev.sluice.unload.Departure;
import java.time.Instant;
import java.util.Optional;

/**
 * Something has left.
 *
 * @param watched its class loader
 * @param users who is wired to it
 * @param canary as old as it is; null once somebody else has it
 * @param bundleId the id that the bundle had
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param departure what it was deployed as, if it was
 * @param since when
 * @param nanos the same, by the clock that measures
 */
record Left(
        Watched watched,
        Users users,
        Canary canary,
        long bundleId,
        String symbolicName,
        String version,
        Optional<Departure> departure,
        Instant since,
        long nanos) {

    /** {@return the same for one who keeps it: a canary that is kept isn't let go} */
    Left withoutCanary() {
        return new Left(watched, users, null, bundleId, symbolicName, version, departure, since, nanos);
    }

    String name() {
        return symbolicName + " " + version;
    }
}

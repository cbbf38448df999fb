package dev.sluice.unload;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one bundle that has left, or of the earlier content of one that was updated in place. Has texts and numbers
 * alone: it keeps nothing of the bundle.
 *
 * @param number its number, rising, anew with each start of the container
 * @param bundleId the id that the bundle had
 * @param symbolicName the bundle's symbolic name
 * @param version the bundle's version
 * @param departure what it was deployed as; empty if it wasn't deployed from the deploy folder
 * @param since when it was uninstalled, or updated
 * @param verdict whether it has gone
 * @param took from then until its class loader was seen to be collected; empty for as long as it isn't
 * @param users the bundles that are wired to it, as {@code acme.shop 1.2.0}, and the requests that are in it, as {@code request GET
 *     /events, since 2026-11-23T17:00:00Z}; empty unless the verdict is {@code IN_USE}
 * @param culprits what holds it, or held it, as far as that was found
 * @param cleaned what was cleaned up after it, in sentences
 * @param unseen where nobody could look, in sentences that say what to do about it
 * @param note why the verdict is {@code PENDING} though collections came by, in a sentence; empty else
 */
public record UnloadView(
        long number,
        long bundleId,
        String symbolicName,
        String version,
        Optional<Departure> departure,
        Instant since,
        Verdict verdict,
        Optional<Duration> took,
        List<String> users,
        List<Culprit> culprits,
        List<String> cleaned,
        List<String> unseen,
        Optional<String> note) {

    /** Keeps its own copies of the lists. */
    public UnloadView {
        users = List.copyOf(users);
        culprits = List.copyOf(culprits);
        cleaned = List.copyOf(cleaned);
        unseen = List.copyOf(unseen);
    }

    /** {@return the names of the middleware that it brought} */
    public List<String> middleware() {
        return departure.map(Departure::middleware).orElse(List.of());
    }
}

package dev.sluice.deployer.leaving;

import dev.sluice.deployer.status.Entry;
import dev.sluice.unload.Departure;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A bundle on its way out, whose units have left the chain.
 *
 * @param bundleId its id
 * @param file the file that it came from
 * @param title its symbolic name and version, for the log
 * @param lingersAs the name that the ledger keeps it by, if bundles that stay are wired to it
 * @param departure what the witness is told of it
 * @param publication the number of the publication by which it went; empty if the history doesn't tell of that
 * @param entry what the views show of it, in the state {@code RETIRED}
 */
public record Leaver(
        long bundleId,
        String file,
        String title,
        Optional<String> lingersAs,
        Departure departure,
        OptionalLong publication,
        Entry entry) {}

package dev.sluice.chain.snapshot;

import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when a place begins to keep requests from going on, and when it doesn't any more. Used by the chain's writer. */
final class Blocking {

    private static final Logger LOG = LoggerFactory.getLogger(Blocking.class);

    private Map<String, Place> known = Map.of();

    /** Looks at a snapshot that has become the current one. One that isn't open refuses all requests anyway. */
    void published(Snapshot snapshot) {
        if (!snapshot.isOpen()) {
            return;
        }
        Map<String, Place> now = new TreeMap<>();
        snapshot.places().stream().filter(Place::blocks).forEach(place -> now.put(place.name(), place));
        now.forEach((name, place) -> {
            if (!known.containsKey(name)) {
                LOG.warn(
                        "\"{}\" is {}, and no version of it can serve: requests on {} are answered with 503 from now on."
                                + " The alarms in the status say what to do",
                        name,
                        place.required() ? "required (chain.required)" : "fail-closed",
                        place.spec().pathTexts());
            }
        });
        known.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> LOG.info("\"{}\" keeps no requests from going on any more", name));
        known = now;
    }
}

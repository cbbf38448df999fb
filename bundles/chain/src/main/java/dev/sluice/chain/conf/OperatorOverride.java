package dev.sluice.chain.conf;

import dev.sluice.chain.snapshot.PlaceOverride;

/**
 * One operator's override, as a configuration says it.
 *
 * @param name the middleware's name
 * @param override what is set over it
 */
record OperatorOverride(String name, PlaceOverride override) {}

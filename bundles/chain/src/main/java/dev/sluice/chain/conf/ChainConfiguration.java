package dev.sluice.chain.conf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** PID {@code dev.sluice.chain}, file {@code conf/dev.sluice.chain.cfg}. Takes effect at once. */
@ObjectClassDefinition(
        name = "Sluice chain",
        description = "The request path. Besides these, chain.owner.<middleware> = <symbolic name>[, ...] says which"
                + " bundles may provide a middleware.")
public @interface ChainConfiguration {

    @AttributeDefinition(
            name = "inplace.drain.timeout",
            description =
                    "How long a change in place (an update, a stop, a re-activation) waits for running requests, as"
                            + " 500ms, 5s or 1m")
    String inplace_drain_timeout() default "5s";

    @AttributeDefinition(
            name = "hold.timeout",
            description = "How long requests wait for a middleware to come back after a change in place has stopped it,"
                    + " as 500ms, 2s or 1m; 0s answers them at once")
    String hold_timeout() default "2s";

    // Texts, so that a slip of the pen is reported with the file's name and not by a failing component.
    @AttributeDefinition(
            name = "hold.limit",
            description = "How many requests may wait so at a time; without virtual threads (before Java 21) half of"
                    + " the listener's threads at the most")
    String hold_limit() default "1000";

    @AttributeDefinition(
            name = "chain.required",
            description =
                    "Middleware that must be there, separated by commas: while one is not deployed, or is disabled,"
                            + " requests are answered with 503, on all paths unless its override says which",
            required = false)
    String chain_required() default "";

    @AttributeDefinition(
            name = "override.settle",
            description = "For how long the file of an override must be gone until the override is, as 3s: one that is"
                    + " renamed, or saved by a rename, is gone for a moment")
    String override_settle() default "3s";

    @AttributeDefinition(
            name = "trip",
            description = "Where a unit trips: standby (where one can serve instead), on (also where none can), off")
    String trip() default "standby";

    @AttributeDefinition(
            name = "trip.share",
            description = "The percentage of a unit's calls that trips it, if that many or more fail by its own fault")
    String trip_share() default "50";

    @AttributeDefinition(name = "trip.window", description = "How far back calls count, as 10s or 1m")
    String trip_window() default "10s";

    @AttributeDefinition(name = "trip.minimum", description = "How many calls there must be within the window")
    String trip_minimum() default "20";

    @AttributeDefinition(
            name = "trip.wait",
            description = "Without a standby, how long the place answers at once before it is probed, as 5s")
    String trip_wait() default "5s";
}

package dev.sluice.chain.conf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Factory PID {@code dev.sluice.middleware}: which keys there are, and what the web console shows of them. What is left out
 * stays as the middleware itself says. {@link OverrideReading} reads what is written.
 */
@ObjectClassDefinition(
        factoryPid = "dev.sluice.middleware",
        name = "Sluice middleware",
        description = "Overrides what a middleware says of itself, without a rebuild")
@interface OverrideConfiguration {

    @AttributeDefinition(name = "name", description = "The middleware's name, for instance auth")
    String name();

    @AttributeDefinition(name = "ranking", description = "Higher runs earlier", required = false)
    String ranking() default "";

    @AttributeDefinition(name = "paths", description = "Patterns, separated by commas", required = false)
    String paths() default "";

    @AttributeDefinition(name = "on.failure", description = "closed or open", required = false)
    String on_failure() default "";

    // A text, so that a slip of the pen isn't taken for false, which would take the middleware away.
    @AttributeDefinition(
            name = "enabled",
            type = AttributeType.BOOLEAN,
            description = "Whether it has a place in the chain at all: true or false")
    String enabled() default "true";

    @AttributeDefinition(
            name = "concurrency.limit",
            description = "How many requests it has at a time, at the most; further ones are answered with 503, or"
                    + " pass if it is fail-open",
            required = false)
    String concurrency_limit() default "";

    @AttributeDefinition(
            name = "deadline",
            description = "How long it may have one request, the time in the rest of the chain not counted, as 500ms"
                    + " or 5s; then the client gets 504",
            required = false)
    String deadline() default "";

    @AttributeDefinition(
            name = "deadline.interrupt",
            type = AttributeType.BOOLEAN,
            description = "Whether a thread that is stuck in it at the deadline is interrupted: true or false")
    String deadline_interrupt() default "false";

    @AttributeDefinition(
            name = "trip",
            required = false,
            description = "Where a unit trips: standby (where one can serve instead), on (also where none can), off")
    String trip() default "";

    @AttributeDefinition(
            name = "trip.share",
            required = false,
            description = "The percentage of a unit's calls that trips it, if that many or more fail by its own fault")
    String trip_share() default "";

    @AttributeDefinition(name = "trip.window", required = false, description = "How far back calls count, as 10s or 1m")
    String trip_window() default "";

    @AttributeDefinition(
            name = "trip.minimum",
            required = false,
            description = "How many calls there must be within the window")
    String trip_minimum() default "";

    @AttributeDefinition(
            name = "trip.wait",
            required = false,
            description = "Without a standby, how long the place answers at once before it is probed, as 5s")
    String trip_wait() default "";
}

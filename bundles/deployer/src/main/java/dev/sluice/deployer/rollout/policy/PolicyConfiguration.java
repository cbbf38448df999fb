package dev.sluice.deployer.rollout.policy;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Factory PID {@code dev.sluice.rollout}: which keys there are, and what the web console shows of them.
 * {@link PolicyReader} reads what is written.
 */
@ObjectClassDefinition(
        factoryPid = PolicyConfiguration.PID,
        name = "Sluice rollout",
        description = "How new versions get their share of the requests, and what is tolerated of them")
@interface PolicyConfiguration {

    /** The factory PID. */
    String PID = "dev.sluice.rollout";

    @AttributeDefinition(
            name = "middleware",
            required = false,
            description = "The middleware whose versions are rolled out so, for instance auth, or * for all; or bundle")
    String middleware() default "";

    @AttributeDefinition(
            name = "bundle",
            required = false,
            description = "The symbolic name of the bundle whose versions are rolled out so; or middleware")
    String bundle() default "";

    @AttributeDefinition(
            name = "steps",
            description = "The shares of the requests, in percent, ascending, the last 100, as 1,10,50,100")
    String steps() default "100";

    @AttributeDefinition(name = "step.time", description = "How long each step lasts at least, as 30s or 5m")
    String step_time() default "1m";

    @AttributeDefinition(
            name = "step.requests",
            description = "How many requests the new version must have had in each step")
    String step_requests() default "500";

    @AttributeDefinition(
            name = "step.cluster",
            required = false,
            description = "How many requests count as one, as they come from the same client: 1, or 10 if clients stay"
                    + " with a version; more if few clients make most requests")
    String step_cluster() default "";

    @AttributeDefinition(
            name = "gate.failures",
            description = "Whether failures by its own fault are looked at: on or off")
    String gate_failures() default "on";

    @AttributeDefinition(
            name = "gate.failures.margin",
            description = "So many times the odds of the version beside it are tolerated")
    String gate_failures_margin() default "1.5";

    @AttributeDefinition(name = "gate.failures.floor", description = "And so many percent of its requests besides")
    String gate_failures_floor() default "0.5";

    @AttributeDefinition(
            name = "gate.errors",
            description = "Whether answers with a status of 500 or more are looked at: on or off")
    String gate_errors() default "on";

    @AttributeDefinition(
            name = "gate.errors.margin",
            description = "So many times the odds of the version beside it are tolerated")
    String gate_errors_margin() default "1.5";

    @AttributeDefinition(name = "gate.errors.floor", description = "And so many percent of its requests besides")
    String gate_errors_floor() default "1";

    @AttributeDefinition(
            name = "gate.latency",
            description =
                    "At which quantile, beside the median, the time that requests take is looked at: p95, p99 or off")
    String gate_latency() default "p95";

    @AttributeDefinition(
            name = "gate.latency.margin",
            description = "So many times the time with the version beside it is tolerated")
    String gate_latency_margin() default "1.25";

    @AttributeDefinition(name = "gate.latency.floor", description = "And so much time besides, as 5ms")
    String gate_latency_floor() default "5ms";

    @AttributeDefinition(
            name = "confidence",
            description = "How sure one is to be, in percent, that a good version isn't taken back")
    String confidence() default "99.9";

    @AttributeDefinition(
            name = "bake",
            description =
                    "How long the old version stays ready after the last step, to come back at once, as 30s or 1h")
    String bake() default "30s";

    @AttributeDefinition(
            name = "bake.failures",
            description = "How many percent of its requests may fail by its own fault while it bakes")
    String bake_failures() default "5";

    @AttributeDefinition(
            name = "bake.errors",
            description = "How many percent of its requests it may answer itself with a status of 500 or more while it"
                    + " bakes, unless the version before did just before; or off")
    String bake_errors() default "50";

    @AttributeDefinition(
            name = "sticky",
            description = "By what a client is known, so that it stays with a version: header:<name>, cookie:<name>,"
                    + " client-ip or none")
    String sticky() default "none";
}

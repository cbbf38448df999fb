package dev.sluice.chain.conf;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Factory PID {@code dev.sluice.traffic}: which keys there are, and what the web console shows of them. {@link TrafficReading}
 * reads what is written.
 */
@ObjectClassDefinition(
        factoryPid = "dev.sluice.traffic",
        name = "Sluice traffic rule",
        description = "Shares requests among the versions of a middleware, or of all that a bundle provides")
@interface TrafficConfiguration {

    @AttributeDefinition(
            name = "middleware",
            description = "The middleware's name, for instance greeting; or leave it out and give a bundle",
            required = false)
    String middleware() default "";

    @AttributeDefinition(
            name = "bundle",
            description = "A symbolic name: one choice for all middleware of its versions",
            required = false)
    String bundle() default "";

    @AttributeDefinition(
            name = "weights",
            description = "Versions and their weights, as 1.0.0=80, 2.0.0=20; a version that isn't named gets nothing")
    String weights();

    @AttributeDefinition(
            name = "sticky",
            description = "By what a client is told again, so that it gets the same version each time: header:NAME,"
                    + " cookie:NAME, client-ip or none")
    String sticky() default "none";

    @AttributeDefinition(
            name = "canary",
            description = "A version for whoever asks for it, whatever its weight",
            required = false)
    String canary() default "";

    @AttributeDefinition(
            name = "canary.header",
            description = "The header that asks for the canary with true, and asks not to get it with false",
            required = false)
    String canary_header() default "";
}

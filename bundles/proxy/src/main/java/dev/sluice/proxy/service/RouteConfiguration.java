package dev.sluice.proxy.service;

import dev.sluice.proxy.config.RouteFile;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The form of a route in the web console. What is entered there is read as what stands in a file. */
@ObjectClassDefinition(
        name = "Sluice route",
        description = "Forwards requests to upstreams",
        factoryPid = RouteFile.PID)
@interface RouteConfiguration {

    @AttributeDefinition(
            name = "paths",
            description = "Patterns, separated by commas: /exact, /prefix/*, /* for everything")
    String paths();

    @AttributeDefinition(
            name = "upstreams",
            description = "Where requests go, separated by commas: http://a:9000, https://b:9443=3 with a weight")
    String upstreams();

    @AttributeDefinition(
            name = "strip.prefix",
            description = "What is taken off a path: true (the pattern's prefix), false, or a path",
            required = false)
    String strip_prefix() default "false";

    @AttributeDefinition(
            name = "connect.timeout",
            description = "How long a connect may take, as 500ms or 2s",
            required = false)
    String connect_timeout() default "2s";

    @AttributeDefinition(
            name = "idle.timeout",
            description = "How long no byte may come from or go to the upstream",
            required = false)
    String idle_timeout() default "60s";

    @AttributeDefinition(
            name = "timeout",
            description = "How long a request may take as a whole; 0s for any time",
            required = false)
    String timeout() default "0s";

    @AttributeDefinition(
            name = "retries",
            description = "How often a request that failed and is safe to repeat is sent again",
            required = false)
    String retries() default "1";

    @AttributeDefinition(
            name = "retry.budget",
            description = "How many retries there may be per hundred requests",
            required = false)
    String retry_budget() default "20%";

    @AttributeDefinition(
            name = "health.path",
            description = "What is asked for to see whether an upstream is healthy; empty for no checks",
            required = false)
    String health_path() default "";

    @AttributeDefinition(name = "health.interval", description = "From one check to the next", required = false)
    String health_interval() default "5s";

    @AttributeDefinition(name = "health.timeout", description = "How long a check may take", required = false)
    String health_timeout() default "2s";

    @AttributeDefinition(
            name = "eject.failures",
            description = "After how many failures in a row an upstream is left alone; 0 for never",
            required = false)
    String eject_failures() default "5";

    @AttributeDefinition(
            name = "eject.time",
            description = "For how long, the first time; it doubles up to five minutes",
            required = false)
    String eject_time() default "10s";

    @AttributeDefinition(name = "connections.max", description = "How many connections per upstream", required = false)
    String connections_max() default "1024";

    @AttributeDefinition(
            name = "queue.max",
            description = "How many requests per upstream may wait for a connection",
            required = false)
    String queue_max() default "1024";

    @AttributeDefinition(
            name = "queue.timeout",
            description = "How long a request may wait for a connection",
            required = false)
    String queue_timeout() default "5s";

    @AttributeDefinition(
            name = "keepalive.timeout",
            description = "How long a connection that isn't in use is kept",
            required = false)
    String keepalive_timeout() default "20s";

    @AttributeDefinition(
            name = "host",
            description = "Which Host the upstream sees: keep (the client's) or upstream",
            required = false)
    String host() default "keep";

    @AttributeDefinition(
            name = "forwarded",
            description = "Forwarded and X-Forwarded-*: set, append, or trust",
            required = false)
    String forwarded() default "set";

    @AttributeDefinition(name = "via", description = "The name in Via", required = false)
    String via() default "sluice";

    @AttributeDefinition(
            name = "redirects",
            description = "Location: pass, or rewrite to the client's view",
            required = false)
    String redirects() default "pass";

    @AttributeDefinition(
            name = "cookies",
            description = "Path and domain of cookies: pass, or rewrite",
            required = false)
    String cookies() default "pass";

    @AttributeDefinition(
            name = "tls.trust",
            description = "A PEM file with the certificates that are trusted, or system",
            required = false)
    String tls_trust() default "system";

    @AttributeDefinition(
            name = "tls.verify",
            description = "Whether certificates are checked: true or false",
            required = false)
    String tls_verify() default "true";

    @AttributeDefinition(name = "http", description = "The version spoken to upstreams: 1.1 or 2", required = false)
    String http() default "1.1";
}

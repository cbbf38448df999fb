package dev.sluice.unload.service;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The configuration, PID {@code dev.sluice.unload}. All are texts, so that a value that isn't allowed is reported by us, in
 * words, and doesn't keep the witness from starting.
 */
@ObjectClassDefinition(
        name = "Sluice unload",
        description = "What becomes of versions that have left, and stay in memory. Takes effect at once.")
@interface UnloadConfiguration {

    @AttributeDefinition(
            name = "Probe",
            description = "Whether collections are asked for after a bundle has left, so that it gets its verdict soon",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_probe() default "on";

    @AttributeDefinition(
            name = "Probe interval",
            description = "How often collections are asked for at most, for instance 10s")
    String unload_probe_interval() default "10s";

    @AttributeDefinition(
            name = "Grace",
            description =
                    "How long a bundle that has left is left alone, before what holds it is looked for and cleaned up")
    String unload_grace() default "2s";

    @AttributeDefinition(
            name = "Most leaked versions",
            description = "How many leaked versions of a middleware are tolerated; 0 for any number")
    String unload_max_leaked() default "5";

    @AttributeDefinition(
            name = "On most leaked versions",
            description = "Whether deployments of a middleware with more are refused, or only warned about",
            options = {@Option(label = "refuse", value = "refuse"), @Option(label = "warn", value = "warn")})
    String unload_on_max_leaked() default "refuse";

    @AttributeDefinition(
            name = "Tasks timeout",
            description = "How long tasks of a bundle are awaited when it is released, before they are interrupted")
    String unload_tasks_timeout() default "5s";

    @AttributeDefinition(
            name = "Explain memory",
            description =
                    "How many megabytes the analysis of a heap dump may have; 0 for what the dump's size asks for")
    String unload_explain_memory() default "0";

    @AttributeDefinition(name = "Explain timeout", description = "How long the analysis of a heap dump may take")
    String unload_explain_timeout() default "10m";

    @AttributeDefinition(
            name = "Clean-up: Threads",
            description = "Whether threads that the bundle has left running are interrupted",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_threads() default "on";

    @AttributeDefinition(
            name = "Clean-up: Context class loaders",
            description = "Whether those of pooled threads are reset",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_context_class_loaders() default "on";

    @AttributeDefinition(
            name = "Clean-up: Thread-locals",
            description = "Whether values of the bundle in other threads' thread-locals are removed",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_thread_locals() default "on";

    @AttributeDefinition(
            name = "Clean-up: Timers",
            description = "Whether tasks of the bundle are cancelled",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_timers() default "on";

    @AttributeDefinition(
            name = "Clean-up: Pending tasks",
            description = "Whether those of the bundle, in executors of others, are cancelled",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_tasks() default "on";

    @AttributeDefinition(
            name = "Clean-up: MBeans",
            description = "Whether those of the bundle are unregistered",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_mbeans() default "on";

    @AttributeDefinition(
            name = "Clean-up: JDBC drivers",
            description = "Whether those of the bundle are deregistered",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_drivers() default "on";

    @AttributeDefinition(
            name = "Clean-up: Shutdown hooks",
            description = "Whether those of the bundle are removed",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_hooks() default "on";

    @AttributeDefinition(
            name = "Clean-up: Log handlers",
            description = "Whether handlers, filters and formatters of java.util.logging are removed",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_log_handlers() default "on";

    @AttributeDefinition(
            name = "Clean-up: Security providers",
            description = "Whether those of the bundle are removed",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_providers() default "on";

    @AttributeDefinition(
            name = "Clean-up: URL handlers",
            description = "Whether factories and handlers of the JVM's network classes are put back",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_url_handlers() default "on";

    @AttributeDefinition(
            name = "Clean-up: Caches",
            description = "Whether what the JDK's caches have of the bundle is taken out",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_caches() default "on";

    @AttributeDefinition(
            name = "Clean-up: Defaults of the JVM",
            description = "Whether the handler of uncaught exceptions and the like are put back",
            options = {@Option(label = "on", value = "on"), @Option(label = "off", value = "off")})
    String unload_cleanup_defaults() default "on";
}

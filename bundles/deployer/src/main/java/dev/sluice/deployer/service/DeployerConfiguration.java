package dev.sluice.deployer.service;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The deployer's configuration, PID {@code dev.sluice.deployer}. All are texts, so that a value that isn't allowed is
 * reported by us, in words, and doesn't keep the deployer from starting.
 */
@ObjectClassDefinition(
        name = "Sluice deployer",
        description = "How the deploy folder is watched, and how patient a deployment is. Takes effect at once.")
@interface DeployerConfiguration {

    @AttributeDefinition(
            name = "Settle window",
            description = "For how long a file must not change before it is looked at, for instance 50ms")
    String settle_window() default "50ms";

    @AttributeDefinition(
            name = "Removal settle",
            description =
                    "For how long no file must have vanished from the folder until those that are missing are removed. A"
                            + " folder that is deleted file by file, more slowly than that, is taken for removals")
    String removal_settle() default "1s";

    @AttributeDefinition(
            name = "Scan interval",
            description = "How often the whole folder is compared, since file events get lost")
    String scan_interval() default "5s";

    @AttributeDefinition(
            name = "Start timeout",
            description = "How long a bundle may take to start and to become ready")
    String start_timeout() default "30s";

    @AttributeDefinition(
            name = "Retire timeout",
            description =
                    "How long requests may go on in a version that was replaced or removed, before it is taken away")
    String retire_timeout() default "1h";

    @AttributeDefinition(
            name = "Start on failure",
            description =
                    "Whether requests are admitted (open) or not (closed) if, at the first start, a file fails that"
                            + " doesn't declare what it brings")
    String start_on_failure() default "closed";

    @AttributeDefinition(name = "Most entries", description = "How many entries a JAR may have")
    String verify_max_entries() default "50000";

    @AttributeDefinition(
            name = "Largest size",
            description = "How many bytes a JAR may have, packed, and its entries together, unpacked")
    String verify_max_size() default "1073741824";

    @AttributeDefinition(
            name = "Highest ratio",
            description = "How many times its packed size an entry of a JAR may have when it is unpacked")
    String verify_max_ratio() default "200";

    @AttributeDefinition(name = "History", description = "Of how many publications the history tells")
    String history_max() default "50";

    @AttributeDefinition(
            name = "Versions kept",
            description =
                    "How many contents of each symbolic name are kept to roll back to, what runs included; those that were"
                            + " published last")
    String history_versions() default "5";

    @AttributeDefinition(
            name = "Size of what is kept",
            description =
                    "How many bytes the contents that are kept to roll back to may have together, beside what runs; the"
                            + " oldest go first")
    String history_size() default "1073741824";
}

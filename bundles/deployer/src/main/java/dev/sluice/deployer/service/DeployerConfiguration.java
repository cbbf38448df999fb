package dev.sluice.deployer.service;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

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

    @AttributeDefinition(
            name = "Largest release",
            description = "How many bytes the entries of all JARs of a release may have together, unpacked")
    String verify_max_release_size() default "4294967296";

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

    @AttributeDefinition(
            name = "Digests",
            description = "Whether <file>.sha256 is compared with its file if it is there, or must be there",
            options = {
                @Option(label = "If present", value = "if-present"),
                @Option(label = "Required", value = "required")
            })
    String deploy_sha256() default "if-present";

    @AttributeDefinition(
            name = "Signatures",
            description =
                    "Whether <file>.sig is verified with the keys in conf/trust: not, if it is there, or must be there",
            options = {
                @Option(label = "Off", value = "off"),
                @Option(label = "If present", value = "if-present"),
                @Option(label = "Required", value = "required")
            })
    String deploy_signature() default "off";

    @AttributeDefinition(
            name = "Downgrades",
            description = "Whether a version is let in that is lower than one which was published before",
            options = {@Option(label = "Allow", value = "allow"), @Option(label = "Refuse", value = "refuse")})
    String deploy_downgrade() default "allow";

    @AttributeDefinition(
            name = "Required checks",
            description =
                    "Names of ArtifactCheck services (their property check.name) without which nothing is deployed, with"
                            + " commas between them")
    String deploy_checks_required() default "";

    @AttributeDefinition(
            name = "Providers of checks",
            description =
                    "Symbolic names of bundles in the deploy folder that bring required checks, and don't wait for them, with"
                            + " commas between them")
    String deploy_checks_providers() default "";

    @AttributeDefinition(
            name = "Check timeout",
            description = "How long an ArtifactCheck may take for one file; then the file is refused")
    String deploy_check_timeout() default "30s";
}

package dev.sluice.deployer.service;

import dev.sluice.conf.SettingsKeys;
import dev.sluice.conf.SettingsReader;
import dev.sluice.conf.Syntax;
import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.folder.WatchSettings;
import dev.sluice.deployer.integrity.IntegrityPolicy;
import dev.sluice.deployer.integrity.Presence;
import dev.sluice.deployer.ledger.HistoryLimits;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The configuration, read. */
record Settings(
        WatchSettings watch,
        Duration startTimeout,
        Duration retireTimeout,
        boolean openOnFailure,
        VerificationLimits limits,
        HistoryLimits history,
        IntegrityPolicy integrity) {

    static final String PID = "dev.sluice.deployer";

    private static final String LOCK = "nothing new is let in";

    static final String NOTHING_NEW = LOCK + ", as it isn't known by which rules: ";

    /** What is asked of a file before it is deployed are the rules. */
    static final SettingsKeys KEYS = new SettingsKeys(
            PID, SettingsKeys.of(DeployerConfiguration.class), "deploy", Optional.empty(), Set.of(), false, LOCK);

    /** The ledger is read into memory. */
    private static final int MOST_HISTORY = 10_000;

    static final Settings DEFAULT = new Settings(
            WatchSettings.DEFAULT,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            false,
            VerificationLimits.DEFAULT,
            HistoryLimits.DEFAULT,
            IntegrityPolicy.DEFAULT);

    /** Reads a configuration: what of it is in force is for the reader to say. */
    static Settings read(DeployerConfiguration written, SettingsReader reader) {
        return new Settings(
                new WatchSettings(
                        reader.value(
                                "settle.window",
                                written.settle_window(),
                                DEFAULT.watch().settleWindow(),
                                Syntax.positiveDuration()),
                        reader.value(
                                "removal.settle",
                                written.removal_settle(),
                                DEFAULT.watch().removalWindow(),
                                Syntax.positiveDuration()),
                        reader.value(
                                "scan.interval",
                                written.scan_interval(),
                                DEFAULT.watch().scanInterval(),
                                Syntax.positiveDuration()),
                        DEFAULT.watch().waitingAfter()),
                reader.value(
                        "start.timeout", written.start_timeout(), DEFAULT.startTimeout(), Syntax.positiveDuration()),
                reader.value("retire.timeout", written.retire_timeout(), DEFAULT.retireTimeout(), Syntax.duration()),
                reader.value(
                        "start.on.failure",
                        written.start_on_failure(),
                        DEFAULT.openOnFailure(),
                        Syntax.oneOf(Map.entry("open", true), Map.entry("closed", false))),
                new VerificationLimits(
                        reader.value(
                                "verify.max.entries",
                                written.verify_max_entries(),
                                DEFAULT.limits().maxEntries(),
                                Syntax.number(Integer.MAX_VALUE)),
                        reader.value(
                                "verify.max.size",
                                written.verify_max_size(),
                                DEFAULT.limits().maxSize(),
                                Syntax.number(1, Long.MAX_VALUE)),
                        reader.value(
                                "verify.max.ratio",
                                written.verify_max_ratio(),
                                DEFAULT.limits().maxRatio(),
                                Syntax.number(Integer.MAX_VALUE)),
                        reader.value(
                                "verify.max.release.size",
                                written.verify_max_release_size(),
                                DEFAULT.limits().maxReleaseSize(),
                                Syntax.number(1, Long.MAX_VALUE))),
                history(reader, written),
                integrity(reader, written));
    }

    /** {@return the same, but that nothing new is let in} */
    Settings lettingNothingIn(String reason) {
        IntegrityPolicy known = integrity;
        return new Settings(
                watch,
                startTimeout,
                retireTimeout,
                openOnFailure,
                limits,
                history,
                new IntegrityPolicy(
                        known.sha256(),
                        known.signature(),
                        known.refuseDowngrade(),
                        known.requiredChecks(),
                        known.checkProviders(),
                        known.checkTimeout(),
                        Optional.of(reason)));
    }

    private static HistoryLimits history(SettingsReader reader, DeployerConfiguration written) {
        return new HistoryLimits(
                reader.value(
                        "history.max",
                        written.history_max(),
                        DEFAULT.history().publications(),
                        Syntax.number(MOST_HISTORY)),
                reader.value(
                        "history.versions",
                        written.history_versions(),
                        DEFAULT.history().versions(),
                        Syntax.number(MOST_HISTORY)),
                reader.value(
                        "history.size",
                        written.history_size(),
                        DEFAULT.history().bytes(),
                        Syntax.number(0, Long.MAX_VALUE)));
    }

    /** The last of all: what it says of unknown keys is complete then. */
    private static IntegrityPolicy integrity(SettingsReader reader, DeployerConfiguration written) {
        IntegrityPolicy standard = DEFAULT.integrity();
        Presence sha256 = reader.value(
                "deploy.sha256",
                written.deploy_sha256(),
                standard.sha256(),
                Syntax.oneOf(word(Presence.IF_PRESENT), word(Presence.REQUIRED)));
        Presence signature = reader.value(
                "deploy.signature",
                written.deploy_signature(),
                standard.signature(),
                Syntax.oneOf(word(Presence.OFF), word(Presence.IF_PRESENT), word(Presence.REQUIRED)));
        boolean refuseDowngrade = reader.value(
                "deploy.downgrade",
                written.deploy_downgrade(),
                standard.refuseDowngrade(),
                Syntax.oneOf(Map.entry("allow", false), Map.entry("refuse", true)));
        Set<String> required = reader.value(
                "deploy.checks.required",
                written.deploy_checks_required(),
                standard.requiredChecks(),
                Syntax.demands());
        Set<String> providers = reader.value(
                "deploy.checks.providers",
                written.deploy_checks_providers(),
                standard.checkProviders(),
                Syntax.exemptions());
        Duration timeout = reader.value(
                "deploy.check.timeout",
                written.deploy_check_timeout(),
                standard.checkTimeout(),
                Syntax.positiveDuration());
        reader.end();
        return new IntegrityPolicy(
                sha256,
                signature,
                refuseDowngrade,
                required,
                providers,
                timeout,
                reader.unread().map(NOTHING_NEW::concat));
    }

    private static Map.Entry<String, Presence> word(Presence presence) {
        return Map.entry(presence.name().toLowerCase(Locale.ROOT).replace('_', '-'), presence);
    }
}

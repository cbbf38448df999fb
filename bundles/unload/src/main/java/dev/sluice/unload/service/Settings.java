package dev.sluice.unload.service;

import dev.sluice.conf.SettingsKeys;
import dev.sluice.conf.SettingsReader;
import dev.sluice.conf.Syntax;
import dev.sluice.unload.LeakCap;
import dev.sluice.unload.witness.Rules;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The configuration, read.
 *
 * @param rules how verdicts come about
 * @param cap how many leaked versions are tolerated
 * @param tasksTimeout how long a bundle's tasks are awaited when it is released
 * @param explainMegabytes how much memory the analysis of a heap dump may have; 0 for what the dump's size asks for
 * @param explainTimeout how long the analysis may take
 */
record Settings(Rules rules, LeakCap cap, Duration tasksTimeout, int explainMegabytes, Duration explainTimeout) {

    static final String PID = "dev.sluice.unload";

    static final SettingsKeys KEYS = SettingsKeys.withoutRules(PID, SettingsKeys.of(UnloadConfiguration.class));

    static final Settings DEFAULT =
            new Settings(Rules.DEFAULT, new LeakCap(5, true), Duration.ofSeconds(5), 0, Duration.ofMinutes(10));

    private static final int MOST_LEAKED = 1_000;

    private static final int MOST_MEGABYTES = 1_000_000;

    /** Reads a configuration: what of it is in force is for the reader to say. */
    static Settings read(UnloadConfiguration written, SettingsReader reader) {
        Settings read = new Settings(
                new Rules(
                        isOn(reader, "unload.probe", written.unload_probe()),
                        reader.value(
                                "unload.probe.interval",
                                written.unload_probe_interval(),
                                DEFAULT.rules().interval(),
                                Syntax.positiveDuration()),
                        reader.value(
                                "unload.grace",
                                written.unload_grace(),
                                DEFAULT.rules().grace(),
                                Syntax.duration()),
                        uncleaned(reader, written)),
                new LeakCap(
                        reader.value(
                                "unload.max.leaked",
                                written.unload_max_leaked(),
                                DEFAULT.cap().most(),
                                Syntax.number(0, MOST_LEAKED)),
                        reader.value(
                                "unload.on.max.leaked",
                                written.unload_on_max_leaked(),
                                DEFAULT.cap().refuse(),
                                Syntax.oneOf(Map.entry("warn", false), Map.entry("refuse", true)))),
                reader.value(
                        "unload.tasks.timeout",
                        written.unload_tasks_timeout(),
                        DEFAULT.tasksTimeout(),
                        Syntax.duration()),
                reader.value(
                        "unload.explain.memory",
                        written.unload_explain_memory(),
                        DEFAULT.explainMegabytes(),
                        Syntax.number(0, MOST_MEGABYTES)),
                reader.value(
                        "unload.explain.timeout",
                        written.unload_explain_timeout(),
                        DEFAULT.explainTimeout(),
                        Syntax.positiveDuration()));
        reader.end();
        return read;
    }

    private static Set<String> uncleaned(SettingsReader reader, UnloadConfiguration written) {
        Map<String, String> searches = Map.ofEntries(
                Map.entry("threads", written.unload_cleanup_threads()),
                Map.entry("context.class.loaders", written.unload_cleanup_context_class_loaders()),
                Map.entry("thread.locals", written.unload_cleanup_thread_locals()),
                Map.entry("timers", written.unload_cleanup_timers()),
                Map.entry("tasks", written.unload_cleanup_tasks()),
                Map.entry("mbeans", written.unload_cleanup_mbeans()),
                Map.entry("drivers", written.unload_cleanup_drivers()),
                Map.entry("hooks", written.unload_cleanup_hooks()),
                Map.entry("log.handlers", written.unload_cleanup_log_handlers()),
                Map.entry("providers", written.unload_cleanup_providers()),
                Map.entry("url.handlers", written.unload_cleanup_url_handlers()),
                Map.entry("caches", written.unload_cleanup_caches()),
                Map.entry("defaults", written.unload_cleanup_defaults()));
        Set<String> off = new HashSet<>();
        searches.forEach((search, text) -> {
            if (!isOn(reader, "unload.cleanup." + search, text)) {
                off.add(search);
            }
        });
        return off;
    }

    private static boolean isOn(SettingsReader reader, String key, String written) {
        return reader.value(key, written, true, Syntax.oneOf(Map.entry("on", true), Map.entry("off", false)));
    }
}

package dev.sluice.deployer.service;

import dev.sluice.deployer.artifact.VerificationLimits;
import dev.sluice.deployer.deploy.Durations;
import dev.sluice.deployer.folder.WatchSettings;
import dev.sluice.deployer.ledger.HistoryLimits;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/** The configuration, read. */
record Settings(
        WatchSettings watch,
        Duration startTimeout,
        Duration retireTimeout,
        boolean openOnFailure,
        VerificationLimits limits,
        HistoryLimits history) {

    static final String PID = "dev.sluice.deployer";

    /** The ledger is read into memory. */
    private static final int MOST_HISTORY = 10_000;

    static final Settings DEFAULT = new Settings(
            WatchSettings.DEFAULT,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            false,
            VerificationLimits.DEFAULT,
            HistoryLimits.DEFAULT);

    /**
     * Reads a configuration. A value that isn't allowed is reported, and what was in force before stays.
     *
     * @param errors takes a sentence for each such value
     */
    static Settings read(DeployerConfiguration written, Settings before, Consumer<String> errors) {
        Reader reader = new Reader(errors);
        Duration settle = reader.read(
                "settle.window", written.settle_window(), before.watch().settleWindow(), Settings::positive);
        Duration removal = reader.read(
                "removal.settle", written.removal_settle(), before.watch().removalWindow(), Settings::positive);
        Duration scan = reader.read(
                "scan.interval", written.scan_interval(), before.watch().scanInterval(), Settings::positive);
        return new Settings(
                new WatchSettings(settle, removal, scan, before.watch().waitingAfter()),
                reader.read("start.timeout", written.start_timeout(), before.startTimeout(), Settings::positive),
                reader.read("retire.timeout", written.retire_timeout(), before.retireTimeout(), Durations::parse),
                reader.read(
                        "start.on.failure", written.start_on_failure(), before.openOnFailure(), Settings::openOrClosed),
                new VerificationLimits(
                        reader.read(
                                "verify.max.entries",
                                written.verify_max_entries(),
                                before.limits().maxEntries(),
                                text -> Math.toIntExact(number(text, Integer.MAX_VALUE))),
                        reader.read(
                                "verify.max.size",
                                written.verify_max_size(),
                                before.limits().maxSize(),
                                text -> number(text, Long.MAX_VALUE)),
                        reader.read(
                                "verify.max.ratio",
                                written.verify_max_ratio(),
                                before.limits().maxRatio(),
                                text -> Math.toIntExact(number(text, Integer.MAX_VALUE)))),
                history(reader, written, before.history()));
    }

    private static HistoryLimits history(Reader reader, DeployerConfiguration written, HistoryLimits before) {
        return new HistoryLimits(
                reader.read(
                        "history.max",
                        written.history_max(),
                        before.publications(),
                        text -> Math.toIntExact(number(text, MOST_HISTORY))),
                reader.read(
                        "history.versions",
                        written.history_versions(),
                        before.versions(),
                        text -> Math.toIntExact(number(text, MOST_HISTORY))),
                reader.read(
                        "history.size",
                        written.history_size(),
                        before.bytes(),
                        text -> number(text, 0, Long.MAX_VALUE)));
    }

    private record Reader(Consumer<String> errors) {
        <T> T read(String key, String text, T before, Function<String, T> parser) {
            try {
                return parser.apply(text.strip());
            } catch (IllegalArgumentException e) {
                errors.accept(PID + ": " + key + "=" + text + " is not allowed: " + e.getMessage() + "; "
                        + describe(before)
                        + " stays in force");
                return before;
            }
        }
    }

    private static String describe(Object value) {
        if (value instanceof Boolean open) {
            return open ? "open" : "closed";
        }
        return value instanceof Duration duration ? Durations.format(duration) : value.toString();
    }

    private static Duration positive(String text) {
        Duration duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("it must be 1ms or more");
        }
        return duration;
    }

    private static boolean openOrClosed(String text) {
        return switch (text) {
            case "open" -> true;
            case "closed" -> false;
            default -> throw new IllegalArgumentException("it is open or closed");
        };
    }

    private static long number(String text, long most) {
        return number(text, 1, most);
    }

    private static long number(String text, long least, long most) {
        String allowed = "it is a whole number from " + least + " to " + most;
        try {
            long number = Long.parseLong(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException(allowed);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(allowed, e);
        }
    }
}

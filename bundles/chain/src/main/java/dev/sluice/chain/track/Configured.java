package dev.sluice.chain.track;

import dev.sluice.chain.snapshot.TripRules;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of the chain's configuration. A value that can't be used is logged, and its default is taken instead.
 *
 * @param ownership who may provide which middleware
 * @param inplaceDrainTimeout how long a change in place waits for running requests
 * @param holdTimeout how long a place is held after the old instance has stopped
 * @param holdLimit how many requests may wait for held places
 * @param required the middleware without which nothing passes, whether deployed or not
 * @param overrideSettle for how long an override's file must be gone until the override is
 * @param trip when trip switches trip that no override says otherwise of
 */
record Configured(
        Ownership ownership,
        Duration inplaceDrainTimeout,
        Duration holdTimeout,
        int holdLimit,
        Set<String> required,
        Duration overrideSettle,
        TripRules trip) {

    private static final Logger LOG = LoggerFactory.getLogger(Configured.class);

    static final Duration INPLACE_DRAIN_TIMEOUT = Duration.ofSeconds(5);
    static final Duration HOLD_TIMEOUT = Duration.ofSeconds(2);
    static final int HOLD_LIMIT = 1000;
    static final Duration OVERRIDE_SETTLE = Duration.ofSeconds(3);

    static Configured of(ChainConfiguration configuration, Map<String, Object> properties) {
        return new Configured(
                Ownership.of(properties),
                value(
                        "inplace.drain.timeout",
                        configuration.inplace_drain_timeout(),
                        Durations::parse,
                        INPLACE_DRAIN_TIMEOUT),
                value("hold.timeout", configuration.hold_timeout(), Durations::parse, HOLD_TIMEOUT),
                value("hold.limit", configuration.hold_limit(), Configured::count, HOLD_LIMIT),
                Stream.of(configuration.chain_required().split(","))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()),
                value("override.settle", configuration.override_settle(), Durations::parse, OVERRIDE_SETTLE),
                trip(configuration));
    }

    private static TripRules trip(ChainConfiguration configuration) {
        Faults faults = new Faults();
        TripRules rules = TripKeys.read(configuration, faults).over(TripRules.DEFAULT);
        faults.all().forEach(fault -> LOG.error("conf/dev.sluice.chain.cfg, {}; the default is used", fault));
        return rules;
    }

    private static <T> T value(String key, String text, Function<String, T> parse, T otherwise) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            LOG.error("conf/dev.sluice.chain.cfg, {}: {}; {} is used", key, e.getMessage(), otherwise);
            return otherwise;
        }
    }

    private static int count(String text) {
        String trimmed = text.trim();
        if (!trimmed.matches("\\d{1,7}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no whole number from 0 to 9999999");
        }
        return Integer.parseInt(trimmed);
    }

    /**
     * How long a place is held at the most: the drain, the stop of the old instance, which gets as long as a hold, and the
     * hold itself.
     */
    Duration longestHold() {
        return inplaceDrainTimeout.plus(holdTimeout).plus(holdTimeout);
    }
}

package dev.sluice.deployer.folder;

import java.time.Duration;

/**
 * How patient the watch is.
 *
 * @param settleWindow for how long a file must not change before it is looked at
 * @param removalWindow for how long no file must have vanished until those that are missing count as removed
 * @param scanInterval how often the whole folder is compared, since events get lost
 * @param waitingAfter after what time an incomplete file is reported
 */
public record WatchSettings(
        Duration settleWindow, Duration removalWindow, Duration scanInterval, Duration waitingAfter) {

    /** 50 ms, 1 s, 5 s and 10 s. */
    public static final WatchSettings DEFAULT = new WatchSettings(
            Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** Refuses what would make the watch spin. */
    public WatchSettings {
        if (settleWindow.toMillis() < 1
                || removalWindow.toMillis() < 1
                || scanInterval.toMillis() < 1
                || waitingAfter.isNegative()) {
            throw new IllegalArgumentException("settle window, removal window and scan interval must be 1 ms or more");
        }
    }
}

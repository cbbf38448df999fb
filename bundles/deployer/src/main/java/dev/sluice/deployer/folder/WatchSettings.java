package dev.sluice.deployer.folder;

import java.time.Duration;

/**
 * How patient the watch is.
 *
 * @param settleWindow for how long a file must not change before it is looked at
 * @param scanInterval how often the whole folder is compared, since events get lost
 * @param waitingAfter after what time an incomplete file is reported
 */
public record WatchSettings(Duration settleWindow, Duration scanInterval, Duration waitingAfter) {

    /** 50 ms, 5 s and 10 s. */
    public static final WatchSettings DEFAULT =
            new WatchSettings(Duration.ofMillis(50), Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** Refuses what would make the watch spin. */
    public WatchSettings {
        if (settleWindow.toMillis() < 1 || scanInterval.toMillis() < 1 || waitingAfter.isNegative()) {
            throw new IllegalArgumentException("settle window and scan interval must be 1 ms or more");
        }
    }
}

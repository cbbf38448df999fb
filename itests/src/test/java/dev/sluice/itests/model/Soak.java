package dev.sluice.itests.model;

import java.time.Duration;
import java.util.Locale;

/** How long the tests go on that can go on for as long as one likes: {@code -Dsluice.soak=30m}. */
final class Soak {

    private Soak() {}

    /** {@return whether more is asked for than a build has time for} */
    static boolean asked() {
        return System.getProperty("sluice.soak") != null;
    }

    /** {@return how long to go on} */
    static Duration time(Duration briefly) {
        String asked = System.getProperty("sluice.soak");
        return asked == null ? briefly : Duration.parse("PT" + asked.toUpperCase(Locale.ROOT));
    }
}

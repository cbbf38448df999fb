package dev.sluice.itests.harness;

import java.time.Duration;
import java.util.Locale;

/** How long the tests go on that can go on for as long as one likes: {@code -Dsluice.soak=30m}. */
public final class Soak {

    private Soak() {}

    /** {@return how long to go on} */
    public static Duration time(Duration briefly) {
        String asked = System.getProperty("sluice.soak");
        return isAsked() ? Duration.parse("PT" + asked.toUpperCase(Locale.ROOT)) : briefly;
    }

    /** {@return how often to do it} */
    public static int times(int briefly, int atLength) {
        return isAsked() ? atLength : briefly;
    }

    private static boolean isAsked() {
        String asked = System.getProperty("sluice.soak");
        return asked != null && !asked.isBlank();
    }
}

package dev.sluice.benchmark.report;

import java.util.Locale;

/** Writes figures with three digits that count, as no more of them do. */
final class Numbers {

    private Numbers() {}

    static String text(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : "–";
        }
        int whole = (int) Math.floor(Math.log10(Math.abs(value))) + 1;
        return whole >= 3 ? grouped(value) : String.format(Locale.ROOT, "%." + Math.min(3 - whole, 4) + "f", value);
    }

    private static String grouped(double value) {
        return String.format(Locale.ROOT, "%,d", Math.round(value));
    }

    static String text(Spread spread) {
        return spread.samples() == 1
                ? text(spread.median())
                : text(spread.median()) + " (" + text(spread.low()) + "–" + text(spread.high()) + ")";
    }

    /** A place on an axis. */
    static String axis(double x) {
        return x == Math.rint(x) ? String.format(Locale.ROOT, "%,d", (long) x) : text(x);
    }
}

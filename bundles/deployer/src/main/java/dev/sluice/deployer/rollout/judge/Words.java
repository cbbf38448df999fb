package dev.sluice.deployer.rollout.judge;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalLong;

/** Figures, as operators read them. */
final class Words {

    private static final double NANOS_PER_MILLI = 1e6;

    private Words() {}

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Of a part of some requests, as in {@code 12.5 % of 48 requests}. */
    static String share(long part, long of) {
        return (of == 0 ? "none" : percent((double) part / of)) + " of " + count(of) + " requests";
    }

    static String share(double share) {
        return percent(share);
    }

    static String percent(double share) {
        return plain(share * 100) + " %";
    }

    static String time(OptionalLong nanos) {
        return nanos.isEmpty() ? "longer than is measured" : plain(nanos.getAsLong() / NANOS_PER_MILLI) + " ms";
    }

    private static String plain(double number) {
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(3, RoundingMode.HALF_UP));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}

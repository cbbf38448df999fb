package dev.sluice.chain.snapshot;

import java.util.Comparator;

/**
 * A bundle's version, ordered as the OSGi specification 3.2.5 orders it.
 *
 * @param major the first number
 * @param minor the second number
 * @param micro the third number
 * @param qualifier the rest, maybe empty
 */
public record UnitVersion(int major, int minor, int micro, String qualifier) implements Comparable<UnitVersion> {

    /** Lower than every other. */
    static final UnitVersion NONE = new UnitVersion(-1, 0, 0, "");

    private static final Comparator<UnitVersion> ORDER = Comparator.comparingInt(UnitVersion::major)
            .thenComparingInt(UnitVersion::minor)
            .thenComparingInt(UnitVersion::micro)
            .thenComparing(UnitVersion::qualifier);

    @Override
    public int compareTo(UnitVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        String numbers = major + "." + minor + "." + micro;
        return qualifier.isEmpty() ? numbers : numbers + "." + qualifier;
    }
}

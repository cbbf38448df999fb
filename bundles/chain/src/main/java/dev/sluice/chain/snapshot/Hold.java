package dev.sluice.chain.snapshot;

import java.util.Comparator;

/**
 * One going of a unit whose place stays: while it is about to come back, requests wait for it at entry. Compared by
 * identity: each time that a unit goes there is another hold, and the end of an earlier one doesn't end it.
 */
public final class Hold {

    /** The unit that would serve first comes last. */
    static final Comparator<Hold> ORDER = Comparator.comparing(Hold::version).thenComparing(Hold::bundleId);

    private static final long NO_BUNDLE = -1;

    private final String name;
    private final UnitVersion version;
    private final long bundleId;

    private Hold(String name, UnitVersion version, long bundleId) {
        this.name = name;
        this.version = version;
        this.bundleId = bundleId;
    }

    /** The unit itself isn't kept: its class loader is to go if it doesn't come back. */
    static Hold of(Unit unit) {
        return new Hold(unit.name(), unit.version(), unit.bundleId());
    }

    /** One that was published before this process began, and couldn't be brought back. */
    static Hold before(String name, UnitVersion version) {
        return new Hold(name, version, NO_BUNDLE);
    }

    /** {@return whether there is a bundle that may bring it back} */
    boolean hasBundle() {
        return bundleId != NO_BUNDLE;
    }

    /** {@return the middleware's name} */
    public String name() {
        return name;
    }

    /** {@return the bundle that is to bring it back} */
    public long bundleId() {
        return bundleId;
    }

    /** {@return the version of what is away} */
    UnitVersion version() {
        return version;
    }

    /** {@return whether the unit that is away would serve before this one} A standby's return is not what is waited for. */
    boolean precedes(Unit unit) {
        return ORDER.compare(this, of(unit)) > 0;
    }

    @Override
    public String toString() {
        return name + " " + version + " (bundle " + bundleId + ")";
    }
}

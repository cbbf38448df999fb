package dev.sluice.chain.snapshot;

import dev.sluice.chain.failure.Charged;
import dev.sluice.middleware.Middleware;

/**
 * One version of one middleware, from one bundle: what requests hold.
 *
 * <p>Compared by identity: a bundle that comes back after an update brings another unit. Immutable but for {@link
 * #close()}, its trip switch and its tally; safe to use from any thread.
 */
public final class Unit implements Charged {

    private final String name;
    private final UnitVersion version;
    private final String symbolicName;
    private final long bundleId;
    private final Middleware middleware;
    private final ClassLoader loader;
    private volatile boolean closed;
    private volatile TripSwitch tripSwitch = TripSwitch.NONE;
    /** Null while nobody observes it. */
    private volatile Tally tally;

    private final OwnAnswers ownAnswers = new OwnAnswers();

    /**
     * Makes a unit.
     *
     * @param name the middleware's name
     * @param version the bundle's version
     * @param symbolicName the bundle's symbolic name
     * @param bundleId the bundle's id
     * @param middleware the service
     * @param loader the bundle's class loader, the thread's context class loader while the middleware runs
     */
    public Unit(
            String name,
            UnitVersion version,
            String symbolicName,
            long bundleId,
            Middleware middleware,
            ClassLoader loader) {
        this.name = name;
        this.version = version;
        this.symbolicName = symbolicName;
        this.bundleId = bundleId;
        this.middleware = middleware;
        this.loader = loader;
    }

    /** {@return the middleware's name} */
    @Override
    public String name() {
        return name;
    }

    /** {@return the bundle's version} */
    public UnitVersion version() {
        return version;
    }

    /** {@return the bundle's symbolic name} */
    public String symbolicName() {
        return symbolicName;
    }

    /** {@return the bundle's id} */
    public long bundleId() {
        return bundleId;
    }

    /** {@return the service} */
    public Middleware middleware() {
        return middleware;
    }

    /** {@return the bundle's class loader} */
    public ClassLoader loader() {
        return loader;
    }

    /** {@return what judges it by its own failures} */
    public TripSwitch tripSwitch() {
        return tripSwitch;
    }

    /**
     * Has it judged by a switch from now on. A call that the earlier one has permitted is told to that one.
     *
     * @param tripSwitch the switch; {@link TripSwitch#NONE} to disarm
     */
    public void arm(TripSwitch tripSwitch) {
        this.tripSwitch = tripSwitch;
    }

    /** {@return what it has answered itself since it is there} */
    OwnAnswers ownAnswers() {
        return ownAnswers;
    }

    /** {@return what it has done since it is observed; null while nobody observes it} */
    Tally tally() {
        return tally;
    }

    /** Has what it does counted from now on, or not any longer. What was counted before is kept while it goes on. */
    void observe(boolean observed) {
        if (observed != (tally != null)) {
            tally = observed ? new Tally() : null;
        }
    }

    /** Lets no request in any more, not even one that holds the unit: its bundle is about to stop. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public String described() {
        return "middleware \"" + name + "\" " + version + " (" + symbolicName + ", bundle " + bundleId + ")";
    }

    @Override
    public String toString() {
        return name + " " + version + " (bundle " + bundleId + ")";
    }
}

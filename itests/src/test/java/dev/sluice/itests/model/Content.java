package dev.sluice.itests.model;

/**
 * What a file holds.
 *
 * @param version the bundle's major version
 * @param fault what is wrong with it
 */
record Content(int version, Fault fault) {

    /** What may be wrong with a bundle. */
    enum Fault {
        NONE,
        /** Its activator throws. */
        START,
        /** Its middleware can't be taken into the chain. */
        PROBE,
        /** Its health check is critical. */
        HEALTH,
        /** Its middleware throws at every request. */
        THROWS
    }

    /** {@return whether it can be deployed} */
    boolean deploys() {
        return fault == Fault.NONE || fault == Fault.THROWS;
    }

    String osgiVersion() {
        return version + ".0.0";
    }

    @Override
    public String toString() {
        return version + (fault == Fault.NONE ? "" : "-" + fault);
    }
}

package dev.sluice.deployer.explain;

/** What makes another attempt at a failed artifact worthwhile. */
public sealed interface Waits {

    /** Other content of its file. */
    record ForContent() implements Waits {}

    /** Other bundles that come or go. */
    record ForBundles() implements Waits {}

    /**
     * A service that one of its components lacks.
     *
     * @param type the service's type
     */
    record ForService(String type) implements Waits {}

    /**
     * A configuration that one of its components requires.
     *
     * @param pid the configuration's PID
     */
    record ForConfiguration(String pid) implements Waits {}

    /** The end of a rollout: until then it is open what this would take requests from. */
    record ForRollout() implements Waits {}

    /** The disk, which had no room or could not be written: it is looked at again every few seconds. */
    record ForDisk() implements Waits {}

    /** Fewer leaked versions of its middleware, or more that are tolerated: it is looked at again every second. */
    record ForUnloads() implements Waits {}

    /** The deployer itself, which is stopping: its next start tries again, and nothing is to be told. */
    record ForDeployer() implements Waits {}
}

package dev.sluice.deployer.explain;

/**
 * Why an artifact isn't deployed.
 *
 * @param message what is wrong and what to do about it, without a reference to anything of the bundle
 * @param waits what would make another attempt worthwhile while the content stays the same
 */
public record Failure(String message, Waits waits) {

    /** {@return a failure that only other content can mend} */
    public static Failure ofContent(String message) {
        return new Failure(message, new Waits.ForContent());
    }

    /** {@return a failure that another bundle can mend} */
    public static Failure ofBundles(String message) {
        return new Failure(message, new Waits.ForBundles());
    }

    /** {@return a failure that is over when fewer versions have leaked, or more are tolerated} */
    public static Failure ofUnloads(String message) {
        return new Failure(message, new Waits.ForUnloads());
    }

    /** {@return a failure that is over when the disk has room, or can be written} */
    public static Failure ofDisk(String message) {
        return new Failure(message, new Waits.ForDisk());
    }
}

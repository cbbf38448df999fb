package dev.sluice.deployer.artifact;

/**
 * How much a JAR may ask of the container while it is verified.
 *
 * @param maxEntries how many entries it may have
 * @param maxSize how many bytes the file may have, and how many bytes its entries may have together when inflated
 * @param maxRatio how many times its compressed size an entry may inflate to; entries below 1 MiB are exempt
 * @param maxReleaseSize how many bytes the entries of all JARs of a release may have together when inflated
 */
public record VerificationLimits(int maxEntries, long maxSize, int maxRatio, long maxReleaseSize) {

    /** Large enough for dozens of large bundles, too small to fill a disk or to keep the deployer busy for long. */
    private static final long RELEASE = 4L << 30;

    /** With as much for a release as is usual. */
    public VerificationLimits(int maxEntries, long maxSize, int maxRatio) {
        this(maxEntries, maxSize, maxRatio, RELEASE);
    }

    /** Far above any real bundle, far below what hurts. */
    public static final VerificationLimits DEFAULT = new VerificationLimits(50_000, 1L << 30, 200);
}

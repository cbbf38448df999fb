package dev.sluice.deployer.artifact;

import dev.sluice.deployer.descriptor.DescriptorReader;
import dev.sluice.deployer.store.StoredCopy;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Decides whether the private copy of a file is a bundle, or a release, that may be deployed. Stateless, and safe for any
 * thread.
 */
public final class Verification {

    private static final String NOT_A_ZIP =
            "It is not a ZIP, so no JAR. Build it with a build tool, and copy what that made.";

    private static final String NO_RELEASE = "It is not a ZIP, so no release. Pack the bundles' JARs into a ZIP.";

    private final Supplier<VerificationLimits> limits;
    private final Function<Map<String, String>, List<String>> ruleFaults;
    private final int runningMajor;

    /**
     * @param limits asked at each verification, so that a changed configuration counts from the next file on
     * @param ruleFaults what is wrong with a traffic rule of a release
     */
    public Verification(Supplier<VerificationLimits> limits, Function<Map<String, String>, List<String>> ruleFaults) {
        this(limits, ruleFaults, (int) Double.parseDouble(System.getProperty("java.class.version")));
    }

    /** One for which traffic rules may say anything. */
    public Verification(Supplier<VerificationLimits> limits) {
        this(limits, rule -> List.of());
    }

    Verification(Supplier<VerificationLimits> limits, int runningMajor) {
        this(limits, rule -> List.of(), runningMajor);
    }

    private Verification(
            Supplier<VerificationLimits> limits,
            Function<Map<String, String>, List<String>> ruleFaults,
            int runningMajor) {
        this.limits = limits;
        this.ruleFaults = ruleFaults;
        this.runningMajor = runningMajor;
    }

    /**
     * {@return the limits that hold now}
     */
    public VerificationLimits limits() {
        return limits.get();
    }

    /**
     * Verifies a copy, which must not change meanwhile.
     *
     * @param file the name that the content has in the deploy folder
     * @param copy the private copy
     * @return the verdict
     */
    public Verdict verify(String file, StoredCopy copy) {
        return verify(file, copy, Allowance.unlimited());
    }

    private Verdict verify(String file, StoredCopy copy, Allowance shared) {
        Optional<String> sha256 = Optional.of(copy.sha256());
        try {
            ZipShape shape = ZipShape.of(copy.path());
            if (shape instanceof ZipShape.Partial partial) {
                return new Verdict.Incomplete(file, partial.missing());
            }
            if (shape instanceof ZipShape.Whole whole) {
                return new Verdict.Accepted(read(file, copy, whole, shared));
            }
            return new Verdict.Refused(file, sha256, ArtifactNames.isRelease(file) ? NO_RELEASE : NOT_A_ZIP);
        } catch (Rejection e) {
            return new Verdict.Refused(file, sha256, e.getMessage());
        } catch (ZipException | EOFException e) {
            return isEncrypted(e)
                    ? new Verdict.Refused(file, sha256, "It is encrypted. Put the JAR there without encryption.")
                    : new Verdict.Incomplete(file, e.getMessage() == null ? "an entry ends early" : e.getMessage());
        } catch (IOException e) {
            return new Verdict.Refused(
                    file,
                    sha256,
                    "Its private copy can't be read (" + e
                            + "). Check the disk of the container's data directory; every " + "scan tries again.",
                    Verdict.Retry.AT_NEXT_SCAN);
        }
    }

    /**
     * {@return the main headers of a bundle that was accepted}
     *
     * @param copy its private copy
     * @throws IOException if it can't be read
     */
    public static Map<String, String> headers(Path copy) throws IOException {
        try (ZipFile zip = new ZipFile(copy.toFile())) {
            return BundleManifest.headers(zip);
        } catch (Rejection e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Artifact read(String file, StoredCopy copy, ZipShape.Whole shape, Allowance shared)
            throws IOException, Rejection {
        VerificationLimits now = limits.get();
        if (copy.size() > now.maxSize()) {
            throw new Rejection(tooLarge(copy.size(), now));
        }
        // Before the directory is read into memory. 512 bytes an entry is generous for a name and its extra fields.
        if (shape.entries() > now.maxEntries() || shape.directorySize() > 512L * now.maxEntries()) {
            throw new Rejection("It has " + shape.entries() + " entries, or very long names; " + now.maxEntries()
                    + " are allowed. If it is meant so, raise verify.max.entries.");
        }
        try (ZipFile zip = new ZipFile(copy.path().toFile())) {
            if (zip.size() > now.maxEntries()) {
                throw new Rejection("It has " + zip.size() + " entries; " + now.maxEntries()
                        + " are allowed. If it is meant so, raise verify.max.entries.");
            }
            new EntryCheck(now, shared, runningMajor).check(zip);
            if (ArtifactNames.isRelease(file)) {
                Allowance together = new Allowance(now.maxReleaseSize());
                return new ReleaseVerification(
                                file,
                                copy,
                                (member, its) -> {
                                    Verdict verdict = verify(member, its, together);
                                    if (together.isExceeded()) {
                                        throw new Rejection("The JARs in it inflate to more than "
                                                + now.maxReleaseSize() + " bytes together, as a ZIP bomb does. If it"
                                                + " is meant so, raise verify.max.release.size.");
                                    }
                                    return verdict;
                                },
                                new DescriptorReader(ruleFaults))
                        .verify(zip);
            }
            BundleManifest manifest = BundleManifest.of(zip);
            return new Artifact(
                    file,
                    copy.sha256(),
                    copy.path(),
                    manifest.symbolicName(),
                    manifest.version().toString(),
                    manifest.declared());
        }
    }

    /**
     * {@return why a file isn't read at all}
     *
     * @param size its length in bytes
     * @param limits the limits that it exceeds
     */
    public static String tooLarge(long size, VerificationLimits limits) {
        return "It has " + size + " bytes; " + limits.maxSize()
                + " are allowed. If it is meant so, raise verify.max.size.";
    }

    /** The JDK reads the flag in the directory and has no exception of its own for it. */
    private static boolean isEncrypted(IOException e) {
        return e.getMessage() != null && e.getMessage().contains("encrypted");
    }
}

package dev.sluice.deployer.artifact;

import dev.sluice.deployer.store.StoredCopy;
import java.util.function.Supplier;

/** Decides whether the private copy of a file is a bundle that may be deployed. Stateless, and safe for any thread. */
public final class Verification {

    private final Supplier<VerificationLimits> limits;

    /** @param limits asked at each verification, so that a changed configuration counts from the next file on */
    public Verification(Supplier<VerificationLimits> limits) {
        this.limits = limits;
    }

    /**
     * Verifies a copy, which must not change meanwhile.
     *
     * @param file the name that the content has in the deploy folder
     * @param copy the private copy
     * @return the verdict
     */
    public Verdict verify(String file, StoredCopy copy) {
        throw new UnsupportedOperationException(file + limits);
    }
}

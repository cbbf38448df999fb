package dev.sluice.deployer;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of a deployment and the legal ways between them, declared here and nowhere else.
 *
 * <p>The way of a good artifact is {@code SEEN → VERIFIED → INSTALLED → CLAIMED → STARTED → PROBED → PUBLISHED}, and out
 * again {@code RETIRED → DRAINED → RELEASED}. A {@code FAILED} or {@code INCOMPLETE} one waits for other content, and a
 * {@code FAILED} one whose reason lies outside of it for that to change. What is found running when the deployer itself comes
 * back is {@code SEEN → PUBLISHED}, and what an operator's decision keeps down {@code SEEN → STOPPED} or {@code REMOVED}.
 */
public enum DeploymentState {
    /** The file is there and hasn't been still for long enough. */
    SEEN,
    /** The file isn't complete, and is waited for. */
    INCOMPLETE,
    /** A private copy is in the store, and it is a bundle that may be deployed. */
    VERIFIED,
    /** The framework has it. */
    INSTALLED,
    /** The chain knows that its middleware are candidates. */
    CLAIMED,
    /** Its activator and its components have run. */
    STARTED,
    /** Each of its middleware is ready. */
    PROBED,
    /** Its middleware are in the chain, serving or standby; a library is available. */
    PUBLISHED,
    /** A step failed: see the reason, and the marker beside the file. */
    FAILED,
    /** The same content is deployed from another file. */
    DUPLICATE,
    /** A release of the same name is deployed from another file in its place. */
    SUPERSEDED,
    /** An operator has stopped it. */
    STOPPED,
    /** An operator has uninstalled it, though its file is still there. */
    REMOVED,
    /** It has left the chain; requests still hold it, or other bundles are wired to it. */
    RETIRED,
    /** No request holds it any more. */
    DRAINED,
    /** Stopped and uninstalled. */
    RELEASED;

    private Set<DeploymentState> next = Set.of();

    static {
        SEEN.to(INCOMPLETE, VERIFIED, FAILED, DUPLICATE, SUPERSEDED, PUBLISHED, STOPPED, REMOVED, RELEASED);
        INCOMPLETE.to(SEEN, VERIFIED, FAILED, DUPLICATE, SUPERSEDED, RELEASED);
        VERIFIED.to(INSTALLED, FAILED);
        INSTALLED.to(CLAIMED, STOPPED, FAILED);
        CLAIMED.to(STARTED, FAILED);
        STARTED.to(PROBED, FAILED);
        PROBED.to(PUBLISHED, FAILED);
        PUBLISHED.to(RETIRED, STOPPED, REMOVED);
        FAILED.to(SEEN, INCOMPLETE, VERIFIED, DUPLICATE, SUPERSEDED, RELEASED);
        DUPLICATE.to(SEEN, INCOMPLETE, VERIFIED, FAILED, SUPERSEDED, RELEASED);
        SUPERSEDED.to(SEEN, INCOMPLETE, VERIFIED, FAILED, DUPLICATE, RELEASED);
        STOPPED.to(PUBLISHED, REMOVED, RETIRED);
        REMOVED.to(RELEASED);
        RETIRED.to(DRAINED);
        DRAINED.to(RELEASED);
    }

    /** {@return whether it is between verified and published: what comes of it isn't known yet} */
    public boolean isTried() {
        return switch (this) {
            case VERIFIED, INSTALLED, CLAIMED, STARTED, PROBED -> true;
            default -> false;
        };
    }

    private void to(DeploymentState... states) {
        next = Set.copyOf(EnumSet.of(states[0], states));
    }

    /** {@return the states that may follow this one} */
    public Set<DeploymentState> next() {
        return next;
    }
}

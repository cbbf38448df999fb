package dev.sluice.deployer.artifact;

/** Ends a verification: the content is at fault, and more of it won't help. */
final class Rejection extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and what to do about it */
    Rejection(String message) {
        super(message, null, false, false);
    }
}

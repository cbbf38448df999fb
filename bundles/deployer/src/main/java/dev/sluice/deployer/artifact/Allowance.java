package dev.sluice.deployer.artifact;

/** How many bytes several JARs may still inflate to together. For one thread. */
final class Allowance {

    private long left;

    Allowance(long bytes) {
        this.left = bytes;
    }

    /** {@return one that nothing exhausts: of a single JAR its own limits hold} */
    static Allowance unlimited() {
        return new Allowance(Long.MAX_VALUE);
    }

    /** {@return whether so many more are allowed} */
    boolean take(long bytes) {
        left -= bytes;
        return left >= 0;
    }

    boolean isExceeded() {
        return left < 0;
    }
}

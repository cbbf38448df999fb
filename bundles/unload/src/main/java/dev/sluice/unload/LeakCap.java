package dev.sluice.unload;

/**
 * How many leaked versions of a middleware are tolerated.
 *
 * @param most so many; 0 if any number is
 * @param refuse whether deployments of a middleware with more are refused; else they are warned about
 */
public record LeakCap(int most, boolean refuse) {

    /** {@return whether so many leaked versions are more than tolerated} */
    public boolean isExceededBy(int leaked) {
        return most > 0 && leaked > most;
    }
}

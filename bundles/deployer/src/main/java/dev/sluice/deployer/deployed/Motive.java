package dev.sluice.deployer.deployed;

import dev.sluice.deployer.Cause;
import java.util.Optional;

/**
 * Why something is published.
 *
 * @param cause the kind of cause
 * @param words the same for a reader; empty if what comes and goes says it all
 */
public record Motive(Cause cause, Optional<String> words) {

    /** The folder has changed. */
    public static final Motive FOLDER = new Motive(Cause.FILE, Optional.empty());

    public static Motive operator(String words) {
        return new Motive(Cause.OPERATOR, Optional.of(words));
    }
}

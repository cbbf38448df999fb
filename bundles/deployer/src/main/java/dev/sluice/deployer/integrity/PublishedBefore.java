package dev.sluice.deployer.integrity;

import java.util.Optional;

/** What was published up to now. Asked on any thread. */
public interface PublishedBefore {

    /** {@return the highest version that was ever published under a symbolic name} */
    Optional<String> highest(String symbolicName);

    /** {@return whether content with this digest is what was last published from a file} */
    boolean isPublished(String sha256);
}

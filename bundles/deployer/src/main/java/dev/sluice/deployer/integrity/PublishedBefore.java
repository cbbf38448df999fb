package dev.sluice.deployer.integrity;

import java.util.Map;
import java.util.Optional;

/** What was published up to now. Asked on any thread. */
public interface PublishedBefore {

    /** {@return the highest version that was ever published under a symbolic name} */
    Optional<String> highest(String symbolicName);

    /** {@return all of these, by symbolic name} */
    Map<String, String> highest();

    /** {@return the versions that have all requests by rollouts which may still take them back, by symbolic name} */
    Map<String, String> baking();

    /** {@return whether content with this digest is what was last published from a file} */
    boolean isPublished(String sha256);

    /** {@return whether content with this digest was let in, and waits in its file until that of another has gone} */
    boolean isSuperseded(String sha256);
}

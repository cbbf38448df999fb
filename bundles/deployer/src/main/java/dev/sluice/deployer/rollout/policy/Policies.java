package dev.sluice.deployer.rollout.policy;

import java.util.Collection;
import java.util.List;

/** The policies of rollouts, as they are configured at the moment. Safe for use by many threads. */
public interface Policies {

    /** The factory PID that they are configured under. */
    String PID = PolicyConfiguration.PID;

    /**
     * Chooses the policy for a bundle.
     *
     * @param symbolicName the bundle's
     * @param middleware the names of its middleware
     * @return the policy, if that can be told
     */
    Choice choose(String symbolicName, Collection<String> middleware);

    /** {@return what became of each file, by their names} */
    List<PolicyLine> lines();
}

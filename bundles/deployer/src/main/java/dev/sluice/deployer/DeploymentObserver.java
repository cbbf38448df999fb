package dev.sluice.deployer;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears of rollouts. Register it as a service; each that there is hears of each event, in order, on a thread of its own. One
 * that is slow misses the oldest events, and hurts nobody else.
 */
@ConsumerType
public interface DeploymentObserver {

    /**
     * Something has happened to a rollout, and is in force already.
     *
     * @param event what
     */
    void happened(RolloutEvent event);
}

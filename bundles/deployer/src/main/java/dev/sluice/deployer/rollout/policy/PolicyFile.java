package dev.sluice.deployer.rollout.policy;

import dev.sluice.conf.Origin;
import java.util.Map;

/**
 * A policy as an operator wrote it.
 *
 * @param file where it was written, for an operator to find it
 * @param texts its entries
 */
public record PolicyFile(String file, Map<String, String> texts) {

    /** Makes the entries immutable. */
    public PolicyFile {
        texts = Map.copyOf(texts);
    }

    /**
     * {@return what a configuration says}
     *
     * @param pid its PID
     * @param properties its properties, those of ConfigurationAdmin and File Install among them
     */
    static PolicyFile of(String pid, Map<String, ?> properties) {
        return new PolicyFile(Origin.of(properties, pid), PolicyKeys.texts(properties));
    }
}

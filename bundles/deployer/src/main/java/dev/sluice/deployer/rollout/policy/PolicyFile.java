package dev.sluice.deployer.rollout.policy;

import java.util.Map;

/**
 * A policy as an operator wrote it.
 *
 * @param file where it was written, for an operator to find it
 * @param texts its entries
 */
public record PolicyFile(String file, Map<String, String> texts) {

    private static final String FILE = "felix.fileinstall.filename";

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
        Object from = properties.get(FILE);
        String file = from == null
                ? "the configuration " + pid
                : "conf/" + from.toString().substring(from.toString().lastIndexOf('/') + 1);
        return new PolicyFile(file, PolicyKeys.texts(properties));
    }
}

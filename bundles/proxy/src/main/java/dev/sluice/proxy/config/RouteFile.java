package dev.sluice.proxy.config;

import java.util.Map;

/**
 * A route as an operator wrote it.
 *
 * @param name the route's name
 * @param file where it was written, for an operator to find it
 * @param texts its entries
 */
public record RouteFile(String name, String file, Map<String, String> texts) {

    /** The factory PID of routes. */
    public static final String PID = "dev.sluice.route";

    private static final String FILE = "felix.fileinstall.filename";

    /** Makes the entries immutable. */
    public RouteFile {
        texts = Map.copyOf(texts);
    }

    /**
     * {@return what a configuration says}
     *
     * @param pid its PID
     * @param properties its properties, those of ConfigurationAdmin and File Install among them
     */
    public static RouteFile of(String pid, Map<String, ?> properties) {
        String name = pid.equals(PID) ? PID : pid.substring(PID.length() + 1);
        Object from = properties.get(FILE);
        String file = from == null
                ? "the configuration " + pid
                : "conf/" + from.toString().substring(from.toString().lastIndexOf('/') + 1);
        return new RouteFile(name, file, Entries.texts(properties));
    }
}

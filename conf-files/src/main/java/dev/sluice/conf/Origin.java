package dev.sluice.conf;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where a configuration comes from, as operators call it. */
public final class Origin {

    /** The property in which File Install notes down the file, as a URL. */
    private static final String FILE = "felix.fileinstall.filename";

    private Origin() {}

    /**
     * Names it.
     *
     * @param properties the configuration's properties
     * @param pid its PID
     * @return {@code conf/} and the name of the file; of a configuration without one, as the console and bundles make it, its PID
     */
    public static String of(Map<String, ?> properties, String pid) {
        return Optional.ofNullable(properties.get(FILE))
                .map(url -> "conf/" + name(url.toString()))
                .orElse("the configuration " + pid);
    }

    private static String name(String url) {
        String path = path(url);
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String path(String url) {
        try {
            return Optional.ofNullable(URI.create(url).getPath()).orElse(url);
        } catch (IllegalArgumentException e) {
            // Not written by File Install.
            return url;
        }
    }
}

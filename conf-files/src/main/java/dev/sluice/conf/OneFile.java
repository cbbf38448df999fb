package dev.sluice.conf;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configurations of the container that there is one of each, and so one file. Were there an instance of such a
 * configuration, as File Install makes one of a copy that lies beside the file, Declarative Services would take it, and not look
 * at the file any more, not even when the copy has gone, until the next start.
 */
public final class OneFile {

    /** Their PIDs; that of the container the launcher reads. */
    public static final Set<String> PIDS = Set.of(
            "dev.sluice.chain", "dev.sluice.deployer", "dev.sluice.unload", "dev.sluice.admin", "dev.sluice.container");

    /** What the names begin with of files that would be an instance, or the same configuration for one bundle alone. */
    public static final String STRAY = "("
            + PIDS.stream().map(pid -> pid.replace(".", "\\.")).sorted().collect(Collectors.joining("|")) + ")[-~|]";

    private OneFile() {}

    /**
     * {@return whether a file would be a second one}
     *
     * @param name its name, without the folder
     */
    public static boolean isStray(String name) {
        return name.matches(STRAY + ".*");
    }

    /** {@return whether properties are those of an instance: then they aren't those of the configuration, whatever they say} */
    public static boolean isInstance(Map<String, ?> properties) {
        return properties.containsKey("service.factoryPid");
    }
}

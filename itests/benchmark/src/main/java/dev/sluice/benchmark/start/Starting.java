package dev.sluice.benchmark.start;

import dev.sluice.benchmark.outside.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server whose start is measured. */
interface Starting {

    /** {@return its name in the report} */
    String name();

    /** {@return whether it is started with class data} */
    boolean hasClassData();

    /**
     * Starts it, and waits for nothing.
     *
     * @param work a folder of its own, the same each time
     * @param flags of its JVM
     * @return it
     */
    Begun begin(Path work, List<String> flags) throws Exception;

    /**
     * It, begun.
     *
     * @param process its process, which answers {@code /hello} from memory
     * @param ready where it says that all is served as meant, if it does
     */
    record Begun(ServerProcess process, Optional<URI> ready) {}
}

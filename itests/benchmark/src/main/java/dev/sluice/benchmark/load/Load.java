package dev.sluice.benchmark.load;

import java.net.URI;
import java.time.Duration;

/** Makes requests over several connections, each kept alive, in a process of its own. */
public interface Load {

    /** {@return what makes it, and its version} */
    String described();

    /**
     * Runs it.
     *
     * @param target what to ask for
     * @param connections over how many connections
     * @param length for how long
     * @return what it has seen
     */
    Outcome run(URI target, int connections, Duration length) throws Exception;

    /** {@return wrk where it is installed, else one in Java} */
    static Load available() {
        return Wrk.installed().<Load>map(wrk -> wrk).orElseGet(JavaLoad::new);
    }
}

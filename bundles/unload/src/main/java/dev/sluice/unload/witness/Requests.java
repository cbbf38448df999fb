package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import java.util.List;

/**
 * The requests that are still in something that has left, until somebody says that they are over. Has texts alone. Safe for any
 * thread: it is one reference.
 */
final class Requests {

    /** Those that nobody has to end. */
    static final Requests NONE = new Requests(List.of());

    private volatile List<String> open;

    Requests(List<String> open) {
        this.open = List.copyOf(open);
    }

    void over() {
        open = List.of();
    }

    /** {@return each by method and path, and since when} */
    List<String> open() {
        return open;
    }

    /** {@return what is told of them while they hold it} */
    List<Culprit> culprits() {
        List<String> now = open;
        return now.isEmpty()
                ? List.of()
                : List.of(new Culprit(
                        Culprit.Kind.REQUEST,
                        (now.size() == 1 ? "a request is still in it: " : "requests are still in it: ")
                                + String.join("; ", now),
                        "end long requests, such as event streams, when the bundle stops, or give asynchronous ones a"
                                + " timeout; it goes when they are over"));
    }
}

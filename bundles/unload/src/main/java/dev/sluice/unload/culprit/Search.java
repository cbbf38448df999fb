package dev.sluice.unload.culprit;

import java.util.List;

/**
 * Looks for one sort of thing that holds class loaders. Stateless, changes nothing, and never runs code of the bundle: not even
 * {@code toString}, {@code equals} or {@code hashCode} of one of its objects. Called on a thread of its own, off the
 * request path, which is given up if it takes too long.
 */
public interface Search {

    /** {@return what the search is called in the configuration that switches its clean-up off, as {@code threads}} */
    String name();

    /**
     * Looks.
     *
     * @param suspect the class loader that should have gone
     * @return what holds it
     * @throws UnseenException if the JVM doesn't let us look, wholly or in part
     */
    List<Finding> search(Suspect suspect) throws UnseenException;
}

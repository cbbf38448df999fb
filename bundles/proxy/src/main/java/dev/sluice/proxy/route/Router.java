package dev.sluice.proxy.route;

/** Finds the route for a request. Safe for use by many threads; never blocks. */
public interface Router {

    /**
     * Finds the way for a path.
     *
     * @param path the path as the chain matched it: decoded, without path parameters
     * @return the way; a {@link Way.Along} is to be left when the exchange has ended
     */
    Way enter(String path);
}

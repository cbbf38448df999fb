package dev.sluice.proxy.upstream;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The upstreams of a route. Safe for use by many threads; never blocks. */
public interface Upstreams {

    /** {@return all of them, in the order of the configuration} */
    List<Upstream> all();

    /**
     * Chooses one: at random by weight, among those in use; if none is in use, among all.
     *
     * @param tried those that the request has been sent to already
     * @return one that hasn't been tried; empty if all have
     */
    Optional<Upstream> choose(Collection<Upstream> tried);
}

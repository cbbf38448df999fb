package dev.sluice.proxy.upstream;

import dev.sluice.proxy.config.Address;

/** One upstream of a route. Its methods are called on threads of the client and of the container; none blocks. */
public interface Upstream {

    /** {@return where it is} */
    Address address();

    /**
     * Counts a request that goes there now.
     *
     * @return to be told, once, how it went
     */
    Call begin();

    /** A request that is there. Of its methods exactly one is called, once. */
    interface Call {

        /** The upstream has answered, whatever the status. */
        void succeeded();

        /**
         * The upstream has failed: not reached, too slow, or no HTTP.
         *
         * @param reason one line for the operator
         */
        void failed(String reason);

        /** It says nothing about the upstream: the client has left, or the request was wrong. */
        void abandoned();
    }
}

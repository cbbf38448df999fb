package dev.sluice.proxy.config;

/**
 * What is changed in the headers on the way.
 *
 * @param host which Host the upstream sees
 * @param forwarded what becomes of the client's Forwarded and X-Forwarded-*
 * @param via the pseudonym in Via
 * @param redirects whether Location is translated back to the client's view
 * @param cookies whether path and domain of cookies are
 */
public record Rewriting(Host host, Forwarded forwarded, String via, boolean redirects, boolean cookies) {

    /** Which Host the upstream sees. */
    public enum Host {
        /** The client's. */
        KEEP,
        /** The one in the upstream's address. */
        UPSTREAM
    }

    /** What becomes of the client's Forwarded and X-Forwarded-*. */
    public enum Forwarded {
        /** They are dropped, and set anew. */
        SET,
        /** They are kept, and this hop is added. */
        APPEND,
        /** They are passed on unchanged where there are any, and set where there are none. */
        TRUST
    }
}

package dev.sluice.proxy.config;

import java.time.Duration;

/**
 * Connections to upstreams. Routes whose settings are equal share their connections.
 *
 * @param connectTimeout how long a connect may take, with its TLS handshake
 * @param keepaliveTimeout how long a connection that isn't in use is kept
 * @param connectionsMax how many connections per upstream
 * @param queueMax how many requests per upstream may wait for a connection
 * @param https whether there is an upstream that TLS is spoken to
 * @param tls what is trusted
 * @param http the version spoken
 */
public record PoolSettings(
        Duration connectTimeout,
        Duration keepaliveTimeout,
        int connectionsMax,
        int queueMax,
        boolean https,
        Tls tls,
        Http http) {

    /** The version of HTTP that is spoken to upstreams. */
    public enum Http {
        /** HTTP/1.1. */
        HTTP_1_1,
        /** HTTP/2: by ALPN with TLS, else by prior knowledge. */
        HTTP_2
    }
}

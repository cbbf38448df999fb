/** Upstreams: which of them gets a request, how they are doing, and the connections to them. */
package dev.sluice.proxy.upstream;

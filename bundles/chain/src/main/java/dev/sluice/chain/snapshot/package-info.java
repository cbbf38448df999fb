/**
 * The heart of the chain: units and places, the immutable snapshot that requests run on, the request's way through it, and
 * the one writer that replaces it. Plain Java and the Servlet API, no framework.
 */
package dev.sluice.chain.snapshot;

/**
 * What has failed on a request: whom it is charged to, whether the client or the container did it, and what the log gets of
 * it.
 */
package dev.sluice.chain.failure;

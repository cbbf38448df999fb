/** Counting and naming the requests that hold the chain. Plain Java, no framework. */
package dev.sluice.chain.lease;

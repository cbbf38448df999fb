/** Reads what was thrown: its text for the log, and whether the client or the container did it. */
package dev.sluice.chain.failure;

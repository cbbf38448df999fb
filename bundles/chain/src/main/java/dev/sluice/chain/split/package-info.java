/**
 * Which version a request gets, where several serve one middleware. Plain Java, no framework: the same key gets the same
 * version on every machine, and in every process.
 */
package dev.sluice.chain.split;

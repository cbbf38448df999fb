/** One request on its way to an upstream, and the answer on its way back. */
package dev.sluice.proxy.exchange;

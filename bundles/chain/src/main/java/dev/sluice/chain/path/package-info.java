/** Which places of the chain match a request's path. Plain Java, no framework. */
package dev.sluice.chain.path;

/**
 * The way from OSGi services to units: tracking, claims, and the hooks that drain a bundle before it stops. The chain is put
 * together here, and this is the only part of it that knows of bundles.
 */
package dev.sluice.chain.track;

/**
 * The way from OSGi services to units: tracking, claims, ownership, operators' overrides, and the hooks that drain a bundle
 * before it stops. The only part of the chain that knows the framework.
 */
package dev.sluice.chain.track;

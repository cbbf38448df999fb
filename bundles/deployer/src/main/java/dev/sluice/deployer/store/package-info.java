/** The deployer's private copies, each named by the digest of its content. */
package dev.sluice.deployer.store;

/** From bytes to a verdict: whether a file is a bundle that may be deployed, and what it says of itself. */
package dev.sluice.deployer.artifact;

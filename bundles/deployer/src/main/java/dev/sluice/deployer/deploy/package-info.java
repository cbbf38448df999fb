/** The way in: install, claim, start, probe, publish. */
package dev.sluice.deployer.deploy;

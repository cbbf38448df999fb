/** The way up of what may be published: install, claim, start, probe; and the way back. */
package dev.sluice.deployer.trial;

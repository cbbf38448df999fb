/** The way out: drain, stop, uninstall. */
package dev.sluice.deployer.leaving;

/** What decides whether a file may be deployed at all: its digest, its signature, its version, and the checks of others. */
package dev.sluice.deployer.integrity;

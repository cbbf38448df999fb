/** What {@code release.json} says of a release. */
package dev.sluice.deployer.descriptor;

/**
 * What the deployer offers to the bundles that observe and operate it: {@link dev.sluice.deployer.Deployments} and its
 * read-only views.
 */
@Export
@Version("1.1.0")
package dev.sluice.deployer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

/**
 * What the deployer offers to the bundles that observe and operate it: {@link dev.sluice.deployer.Deployments} and its
 * read-only views; and what it takes from others: {@link dev.sluice.deployer.ArtifactCheck}.
 */
@Export
@Version("1.3.0")
package dev.sluice.deployer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

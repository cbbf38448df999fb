/**
 * What the chain offers to the bundles that change and observe it: {@link dev.sluice.chain.ChainControl} and its
 * read-only views.
 */
@Export
@Version("1.3.0")
package dev.sluice.chain;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

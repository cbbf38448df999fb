/**
 * The verdict on every bundle that leaves: {@link dev.sluice.unload.Unloads} tells whether its class loader was collected, and
 * if not, what holds it.
 */
@Export
@Version("1.0.0")
package dev.sluice.unload;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

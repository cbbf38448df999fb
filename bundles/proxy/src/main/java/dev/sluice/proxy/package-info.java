/** What the proxy tells of its routes to the bundles that observe it: {@link dev.sluice.proxy.Routes}. */
@Export
@Version("1.0.0")
package dev.sluice.proxy;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;

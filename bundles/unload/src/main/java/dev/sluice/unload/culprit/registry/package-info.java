/** Who holds a class loader in the registries of the JVM and of the framework. */
package dev.sluice.unload.culprit.registry;

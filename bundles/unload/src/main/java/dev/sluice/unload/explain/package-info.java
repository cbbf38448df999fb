/** The path to the root: a heap dump, and a JVM of its own that looks through it. */
package dev.sluice.unload.explain;

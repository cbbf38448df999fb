/**
 * The witness: watches the class loaders of what has left, and says whether they have gone. Nothing here keeps a bundle, a
 * wiring, a class or a class loader: what has left is held weakly, and told in texts.
 */
package dev.sluice.unload.witness;

/**
 * The witness: watches the class loaders of what has left, and says whether they have gone. Nothing here keeps a bundle, a
 * wiring, a class or a class loader: what has left is held weakly, and told in texts.
 *
 * <p>To be read in the order in which a verdict comes about: {@link dev.sluice.unload.witness.BundleWitness} sees bundles leave and
 * puts each into the {@link dev.sluice.unload.witness.Inbox}; the {@link dev.sluice.unload.witness.Witness} has the tracker take it
 * out, on the one thread that writes; each unload is a {@code Case} there, whose stages and their edges stand in {@code Stage}; a case has
 * its {@code Turn}, the time that it takes, its {@code Canaries}, and its {@code Findings}, which an {@code Inquiry} that runs the searches
 * fills. The {@code Probe} asks for collections.
 */
package dev.sluice.unload.witness;

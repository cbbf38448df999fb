/**
 * Who holds a class loader: one search for each sort of thing that does. What every search needs is here; the searches are in
 * {@code registry}, for what is registered somewhere and taken back by a call, and in {@code threads}, for what only a look into
 * running threads shows.
 */
package dev.sluice.unload.culprit;

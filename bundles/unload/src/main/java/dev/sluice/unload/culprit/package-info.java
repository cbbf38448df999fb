/** Who holds a class loader: one search for each sort of thing that does. */
package dev.sluice.unload.culprit;

/**
 * Who holds a class loader by way of threads: the threads themselves, their context class loaders and thread-locals, and the
 * tasks that wait for them. All state of a search is on its stack: nothing here has fields that outlive one.
 */
package dev.sluice.unload.culprit.threads;

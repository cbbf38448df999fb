/** What bounds a middleware: how many requests it has at a time, and for how long it has one. */
package dev.sluice.chain.limit;

/**
 * How the files in {@code conf/} are read: durations as operators write them, what was probably meant where there is no such
 * thing, what a file said when it could last be taken, and what is in force of one that protects, whatever becomes of it. Each
 * bundle that reads some has a private copy, so that none depends on another for it.
 */
package dev.sluice.conf;

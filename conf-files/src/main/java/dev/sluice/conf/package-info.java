/**
 * How the files in {@code conf/} are read: durations as operators write them, what was probably meant where there is no such
 * thing, and what a file said when it could last be taken. Each bundle that reads some has a private copy, so that none depends on
 * another for it.
 */
package dev.sluice.conf;

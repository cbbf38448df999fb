/** The path to the root: a program of its own that reads a heap dump and says what holds a class loader. */
package dev.sluice.heap;

/** The shipped JAR as a process: what its users are promised, seen from where they stand. */
package dev.sluice.itests.process;

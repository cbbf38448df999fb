/** The shipped JAR as a process: which version gets which requests, and how it is taken back. */
package dev.sluice.itests.rollout;

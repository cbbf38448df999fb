/** The shipped JAR as a process: what comes in, which version gets which requests, and how it is taken back. */
package dev.sluice.itests.rollout;

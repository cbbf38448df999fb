/** Versions on the shipped JAR: what comes in, which gets which requests, what is judged, and how it is taken back. */
package dev.sluice.itests.rollout;

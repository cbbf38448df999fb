/** Versions side by side on the shipped JAR: what is shared among them, what is judged, and what is taken back. */
package dev.sluice.itests.rollout;

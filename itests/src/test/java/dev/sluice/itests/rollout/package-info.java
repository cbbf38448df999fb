/** What comes into the shipped JAR, and how its traffic gets there. */
package dev.sluice.itests.rollout;

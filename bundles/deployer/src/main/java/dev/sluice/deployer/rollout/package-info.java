/**
 * How the share of a new version rises, step by step, and when it is taken back. Plain Java: the deployer carries out what is
 * decided here, and tells what came of it.
 */
package dev.sluice.deployer.rollout;

/** Sentences that say why a bundle can't run here, and what to do about it. */
package dev.sluice.deployer.explain;

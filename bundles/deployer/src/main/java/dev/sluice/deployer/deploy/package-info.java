/** From files that have settled to a published generation, and what goes on from there: rollouts, roll backs, what leaves. */
package dev.sluice.deployer.deploy;

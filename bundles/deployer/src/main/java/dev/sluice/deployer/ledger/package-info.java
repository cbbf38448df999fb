/** The record of what was published and what an operator decided, which outlives a crash at any instant. */
package dev.sluice.deployer.ledger;

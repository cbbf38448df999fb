package dev.sluice.chain.split;

/**
 * A version that requests can get.
 *
 * @param identity what it is told by, the same after a restart and on another machine
 * @param weight its part of the sum of all weights; one of 0 is got by those alone who ask for it, or who can't get another
 */
public record Option(String identity, int weight) {}

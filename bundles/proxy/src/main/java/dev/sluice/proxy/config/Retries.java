package dev.sluice.proxy.config;

/**
 * How often a request that failed, and is safe to repeat, is sent again.
 *
 * @param max how often at the most
 * @param budgetPercent how many retries there may be per hundred requests, so that retries don't bury a weak upstream
 */
public record Retries(int max, int budgetPercent) {}

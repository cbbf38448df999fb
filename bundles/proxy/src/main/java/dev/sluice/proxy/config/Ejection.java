package dev.sluice.proxy.config;

import java.time.Duration;

/**
 * When an upstream that fails is left alone for a while.
 *
 * @param failures after how many failures in a row; 0 for never
 * @param time for how long the first time; doubles from one time to the next
 */
public record Ejection(int failures, Duration time) {}

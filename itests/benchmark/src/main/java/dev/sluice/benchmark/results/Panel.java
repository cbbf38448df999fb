package dev.sluice.benchmark.results;

/**
 * What belongs into one table, and one plot for each metric.
 *
 * @param name what series refer to it by
 * @param title its title
 * @param xName what its axis shows
 * @param reference the subject that the others are compared with
 * @param isPaired whether the samples of two subjects with the same number are of the same round, and may be compared one by one
 * @param text what a reader has to know of it
 */
public record Panel(String name, String title, String xName, String reference, boolean isPaired, String text) {}

/**
 * The table of leak patterns: middleware that leave something behind, each in one way, and what the verdict on each has to say. Each
 * has a clean twin, which is the same and undoes what it did, and must not be accused.
 */
package dev.sluice.itests.leak;

/** The web console, in a real browser. */
package dev.sluice.itests.console;

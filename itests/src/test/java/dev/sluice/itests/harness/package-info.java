/**
 * Starts the shipped JAR as a process and looks at it as its users do: by HTTP, by the deploy folder, by its log and its
 * exit code. Nothing here waits by sleeping for a fixed time: each wait is for something that can be observed, with a
 * deadline.
 */
package dev.sluice.itests.harness;

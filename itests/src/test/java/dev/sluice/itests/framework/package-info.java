/**
 * The container's bundles inside a framework, started by Pax Exam from the list in the shipped JAR. For what can't be
 * reached from outside: other bundles that stop, update and register things.
 */
package dev.sluice.itests.framework;

/**
 * The model-based test: random changes to a running container, clients on it all the while, and a small model that says
 * what each of their requests may see.
 */
package dev.sluice.itests.model;

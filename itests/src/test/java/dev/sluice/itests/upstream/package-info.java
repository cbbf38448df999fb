/** What goes through to real servers behind the chain, and to servers that misbehave. */
package dev.sluice.itests.upstream;

/** Requests as they come on the wire: spelled strangely, slow, asynchronous, in middleware that misbehaves, and during a stop. */
package dev.sluice.itests.wire;

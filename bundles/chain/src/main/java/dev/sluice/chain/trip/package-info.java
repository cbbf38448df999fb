/** Trip switches: count a unit's own failures, and when they are too many take it behind its standby, or shut its place. */
package dev.sluice.chain.trip;

/**
 * Threads and timers for bundles: each bundle gets an executor of its own, which ends when the bundle does. Plain Java but for
 * {@link dev.sluice.unload.managed.ManagedTasks}, the component.
 */
package dev.sluice.unload.managed;

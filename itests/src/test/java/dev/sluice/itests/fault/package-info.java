/**
 * The fault suite: a table of faults, each by its name, done to the shipped JAR under load.
 *
 * <p>{@link dev.sluice.itests.fault.Catalogue} is the table, {@link dev.sluice.itests.fault.Stage} the process that all run
 * on, {@link dev.sluice.itests.fault.Oracle} the clients that judge every answer, and
 * {@link dev.sluice.itests.fault.Ordeal} the way that each fault goes: calm load, fault, settled, seen by the operator,
 * cleaned up, and a good deployment afterwards.
 */
package dev.sluice.itests.fault;

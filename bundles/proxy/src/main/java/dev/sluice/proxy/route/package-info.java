/** Which route a path takes: an immutable table, one writer. */
package dev.sluice.proxy.route;

/**
 * The admin listener: the web console, health and status, behind one door. Nothing is exported.
 *
 * <p>A request's way, in a straight line: path → host → origin → login → console guard → the operator's mark → the
 * console.
 */
package dev.sluice.admin;

/** The deploy folder: its identity, its files and markers, and the watch that hands over what has settled in it. */
package dev.sluice.deployer.folder;

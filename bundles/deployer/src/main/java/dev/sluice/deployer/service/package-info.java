/** The deployer as a component: its configuration, its start and its end. */
package dev.sluice.deployer.service;

/** What is known of each deployment, as the published views show it. */
package dev.sluice.deployer.status;

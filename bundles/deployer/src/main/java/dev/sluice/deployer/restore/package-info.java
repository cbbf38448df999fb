/** Start-up: what was last published comes back before requests are admitted. */
package dev.sluice.deployer.restore;

/** What operators decide about bundles. */
package dev.sluice.deployer.operator;

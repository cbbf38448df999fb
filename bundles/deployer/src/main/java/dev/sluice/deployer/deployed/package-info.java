/** What is deployed, the places of what should be and is not, and what is waited for. */
package dev.sluice.deployer.deployed;

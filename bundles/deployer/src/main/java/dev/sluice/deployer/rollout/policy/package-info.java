/** How versions are rolled out, as operators write it: {@code conf/dev.sluice.rollout-<any>.cfg}. */
package dev.sluice.deployer.rollout.policy;

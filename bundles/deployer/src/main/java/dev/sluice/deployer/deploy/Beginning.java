package dev.sluice.deployer.deploy;

import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.rollout.Rollout;
import dev.sluice.deployer.trial.Candidate;
import java.time.Instant;

/**
 * A rollout that begins with a publish.
 *
 * @param candidate what is rolled out
 * @param beside what serves until now, as it is deployed before the publish
 * @param besideFile what that is deployed from with the publish
 * @param rollout how it goes
 */
record Beginning(Candidate candidate, Deployed beside, String besideFile, Rollout rollout) {

    Rolling rolling() {
        return new Rolling(
                candidate.file(),
                candidate.artifact().symbolicName(),
                candidate.artifact().sha256(),
                besideFile,
                beside.sha256(),
                rollout);
    }

    LedgerRecord record(Instant at) {
        return rolling().record(at);
    }
}

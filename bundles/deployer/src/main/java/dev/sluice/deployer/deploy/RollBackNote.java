package dev.sluice.deployer.deploy;

import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.folder.DeployFolder;
import dev.sluice.deployer.folder.MarkerKind;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.RolledBack;
import java.util.Optional;

/** What status and marker say of a file that is rolled back. */
public final class RollBackNote {

    private RollBackNote() {}

    /** {@return the sentence about an artifact, if it is deployed by such a decision} */
    static Optional<String> message(PublishedArtifact artifact) {
        return artifact.rolledBack().map(decision -> message(artifact, decision));
    }

    private static String message(PublishedArtifact artifact, RolledBack decision) {
        return "rolled back to " + (artifact.symbolicName() + " " + artifact.version()).strip() + " (sha256 "
                + artifact.sha256() + ") by " + decision.who() + " at " + decision.at()
                + "; the file's own content (sha256 " + decision.from()
                + ") isn't deployed; roll it forward, or replace the file";
    }

    /** Says so beside the file and in the status, if what is deployed from a file is there by such a decision. */
    public static void tell(DeployFolder folder, Deployed deployed) {
        deployed.artifact().rolledBack().ifPresent(decision -> {
            String message = message(deployed.artifact(), decision);
            deployed.entry().remark(message);
            folder.mark(deployed.file(), MarkerKind.ROLLED_BACK, message, decision.at());
        });
    }
}

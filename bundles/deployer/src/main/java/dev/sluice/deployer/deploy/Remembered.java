package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.folder.Batch;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.status.Entry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is known of contents, as that they were taken back, while files come and go: it stays known for as long as a file in the
 * folder has the content, under whatever name. For one batch, and confined to the deployer's thread.
 */
final class Remembered {

    private final Parts parts;
    private final List<Artifact> came;
    private final List<Verdict.Refused> bad;
    private final Set<String> gone;

    /**
     * @param batch has the files that came, with the content that they have themselves
     * @param gone the files that have left the folder
     */
    Remembered(Parts parts, Batch batch, Set<String> gone) {
        this.parts = parts;
        this.came = batch.accepted();
        this.bad = batch.refused();
        this.gone = gone;
    }

    /** A file has other content, or none: that of its last attempt is known no more, unless another has it. */
    void hasOther(String file) {
        contentOfAttempt(file).ifPresent(sha256 -> leave(file, sha256));
    }

    /** A file has left the folder, and with it all contents that it had. */
    void left(String file) {
        Optional<String> now = came.stream()
                .filter(artifact -> had(file, artifact))
                .map(Artifact::file)
                .sorted()
                .findFirst();
        Set<String> contents = new LinkedHashSet<>(parts.trialLog().contentsOf(file));
        if (now.isPresent()) {
            contents.forEach(sha256 -> parts.trialLog().named(sha256, now.get()));
            return;
        }
        hasOther(file);
        contents.stream().filter(sha256 -> !isPublished(sha256)).forEach(sha256 -> leave(file, sha256));
    }

    private void leave(String file, String sha256) {
        if (!parts.trialLog().knows(sha256)) {
            return;
        }
        holders(sha256)
                .filter(holder -> !holder.equals(file))
                .findFirst()
                .ifPresentOrElse(holder -> parts.trialLog().named(sha256, holder), () -> parts.trialLog()
                        .forgive(sha256));
    }

    /** {@return the files that have some content} */
    private Stream<String> holders(String sha256) {
        Stream<String> those = came.stream()
                .filter(artifact -> artifact.sha256().equals(sha256))
                .map(Artifact::file);
        Stream<String> deployed = parts.roster().all().stream()
                .map(Deployed::artifact)
                .filter(artifact -> artifact.isOfAFile() && !artifact.isMember())
                .filter(artifact -> artifact.contentOfFile().equals(sha256))
                .map(PublishedArtifact::file)
                .filter(file -> !gone.contains(file));
        Stream<String> tried = parts.attempts().all().stream()
                .map(Entry::view)
                .filter(view -> view.sha256().equals(Optional.of(sha256)))
                .map(DeploymentView::file)
                .filter(file -> !gone.contains(file) && !ArtifactNames.isMember(file));
        Stream<String> refused = bad.stream()
                .filter(verdict -> verdict.sha256().equals(Optional.of(sha256)))
                .map(Verdict.Refused::file);
        return Stream.of(those, deployed, tried, refused, new Unread(parts).having(sha256, gone))
                .flatMap(files -> files);
    }

    /** What is published is judged by what becomes of that. */
    private boolean isPublished(String sha256) {
        return parts.ledger().state().published().values().stream()
                .anyMatch(published -> published.sha256().equals(sha256));
    }

    private Optional<String> contentOfAttempt(String file) {
        return parts.attempts().find(file).flatMap(entry -> entry.view().sha256());
    }

    /** {@return whether a file has the content that another had before that went} */
    private boolean had(String file, Artifact artifact) {
        return contentOfAttempt(file).filter(artifact.sha256()::equals).isPresent()
                || parts.roster()
                        .find(file)
                        .filter(deployed -> deployed.artifact().contentOfFile().equals(artifact.sha256()))
                        .isPresent()
                || wasTakenBack(file, artifact);
    }

    /** Of a single bundle: after a restart nothing else tells that it is what the file had. */
    private boolean wasTakenBack(String file, Artifact artifact) {
        return artifact.release().isEmpty()
                && parts.trialLog().takenBack(artifact.sha256()).isPresent()
                && parts.trialLog().contentsOf(file).contains(artifact.sha256());
    }

    /**
     * {@return what is deployed from a file that is called otherwise now, if its own content has failed} It serves on under the
     * new name, as it would have under the old one; empty if it is no such file.
     */
    Optional<Artifact> servesOn(Artifact artifact) {
        if (parts.roster().find(artifact.file()).isPresent()) {
            return Optional.empty();
        }
        return gone.stream()
                .filter(file -> hasFailed(file, artifact))
                .flatMap(file -> parts.roster().find(file).stream())
                .filter(deployed -> !deployed.isLost()
                        && !deployed.artifact().contentOfFile().equals(artifact.sha256()))
                .filter(deployed -> deployed.isRelease() == artifact.release().isPresent())
                .filter(deployed -> deployed.entry().state() == DeploymentState.PUBLISHED)
                .filter(deployed ->
                        !parts.roster().orAPart(parts.absences().now()).test(deployed))
                .findFirst()
                .flatMap(deployed ->
                        Recalled.whole(deployed.artifact(), parts.roster().of(deployed.file()), parts.store()::find))
                .map(standing -> standing.named(artifact.file()));
    }

    private boolean hasFailed(String file, Artifact artifact) {
        return parts.attempts()
                        .find(file)
                        .filter(entry -> entry.state() == DeploymentState.FAILED)
                        .flatMap(entry -> entry.view().sha256())
                        .filter(artifact.sha256()::equals)
                        .isPresent()
                || wasTakenBack(file, artifact);
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.store.Sha256;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the folder that weren't handed over yet, as they wait for a sidecar, or for their rest: one may have been renamed,
 * and what is known of its content, and what serves in its place, goes with it when it comes. Confined to the deployer's thread.
 */
final class Unread {

    private static final Logger LOG = LoggerFactory.getLogger(Unread.class);

    private final Parts parts;

    Unread(Parts parts) {
        this.parts = parts;
    }

    /** {@return those that have some content; for few, as each is read for that} */
    Stream<String> having(String sha256, Set<String> gone) {
        return parts.attempts().all().stream()
                .map(Entry::view)
                .filter(view -> view.state() == DeploymentState.SEEN || view.state() == DeploymentState.INCOMPLETE)
                .map(DeploymentView::file)
                .filter(file -> !gone.contains(file) && !ArtifactNames.isMember(file))
                .distinct()
                .filter(file -> has(file, sha256));
    }

    private boolean has(String file, String sha256) {
        try {
            return Sha256.of(parts.folder().dir().resolve(file)).equals(sha256);
        } catch (IOException e) {
            LOG.debug("What {} has can't be told yet", file, e);
            return false;
        }
    }

    /**
     * {@return the files that have gone, and deploy something, whose content is in one that is still to come}
     *
     * @param come the files that have come with them
     */
    Set<String> keep(Set<String> gone, Set<String> come) {
        Set<String> but = new HashSet<>(gone);
        but.addAll(come);
        Set<String> kept = new HashSet<>();
        for (String file : gone) {
            parts.roster()
                    .find(file)
                    .filter(deployed -> contentsOf(deployed).stream()
                            .anyMatch(sha256 -> having(sha256, but).findFirst().isPresent()))
                    .ifPresent(deployed -> kept.add(file));
        }
        return kept;
    }

    /** {@return what the file may have had itself, whatever came of it} After a restart there is no attempt. */
    private Set<String> contentsOf(Deployed deployed) {
        Set<String> contents = new HashSet<>(parts.trialLog().contentsOf(deployed.file()));
        contents.add(deployed.artifact().contentOfFile());
        parts.attempts()
                .find(deployed.file())
                .flatMap(entry -> entry.view().sha256())
                .ifPresent(contents::add);
        return contents;
    }
}

package dev.sluice.deployer.deploy;

import dev.sluice.deployer.DeploymentState;
import dev.sluice.deployer.DeploymentView;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.store.Sha256;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** {@return those that have some content; each is read for that} */
    Stream<String> having(String sha256, Set<String> gone) {
        return files(gone).filter(file -> contentOf(file).equals(Optional.of(sha256)));
    }

    private Stream<String> files(Set<String> gone) {
        return parts.attempts().all().stream()
                .map(Entry::view)
                .filter(view -> view.state() == DeploymentState.SEEN || view.state() == DeploymentState.INCOMPLETE)
                .map(DeploymentView::file)
                .filter(file -> !gone.contains(file) && !ArtifactNames.isMember(file))
                .distinct();
    }

    private Optional<String> contentOf(String file) {
        try {
            return Optional.of(Sha256.of(parts.folder().dir().resolve(file)));
        } catch (IOException e) {
            LOG.debug("What {} has can't be told yet", file, e);
            return Optional.empty();
        }
    }

    /**
     * {@return the files that have gone, and deploy something, whose content is in one that is still to come}
     *
     * @param come the files that have come with them
     */
    Set<String> keep(Set<String> gone, Set<String> come) {
        List<Deployed> deployed = gone.stream()
                .flatMap(file -> parts.roster().find(file).stream())
                .toList();
        if (deployed.isEmpty()) {
            return Set.of();
        }
        Set<String> but = new HashSet<>(gone);
        but.addAll(come);
        // Each is read once, however many have gone.
        Set<String> unread =
                files(but).flatMap(file -> contentOf(file).stream()).collect(Collectors.toSet());
        return deployed.stream()
                .filter(one -> !Collections.disjoint(contentsOf(one), unread))
                .map(Deployed::file)
                .collect(Collectors.toSet());
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

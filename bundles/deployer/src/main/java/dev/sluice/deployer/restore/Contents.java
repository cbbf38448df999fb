package dev.sluice.deployer.restore;

import dev.sluice.deployer.artifact.Unpacking;
import dev.sluice.deployer.folder.DeployFolder;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bytes of what was published: from the store, or, where its copy is missing or damaged, from the folder. */
final class Contents {

    private static final Logger LOG = LoggerFactory.getLogger(Contents.class);

    private final Store store;
    private final DeployFolder folder;
    private final Function<String, PublishedArtifact> published;

    /** @param published what is published from a file; null if nothing is */
    Contents(Store store, DeployFolder folder, Function<String, PublishedArtifact> published) {
        this.published = published;
        this.store = store;
        this.folder = folder;
    }

    /** What came in a release is still in the release. */
    private Optional<Path> ofRelease(PublishedArtifact member) {
        LOG.warn("The store's copy of {} is missing or damaged; looking in its release", member.file());
        Optional<Path> release =
                Optional.ofNullable(published.apply(member.inFolder())).flatMap(this::of);
        if (release.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Unpacking.member(release.get(), member.file(), member.sha256(), store));
        } catch (IOException e) {
            LOG.warn("{} can't be taken out of its release: {}", member.file(), e.toString());
            return Optional.empty();
        }
    }

    Optional<Path> of(PublishedArtifact published) {
        if (store.intact(published.sha256())) {
            return store.find(published.sha256());
        }
        if (published.isMember()) {
            return ofRelease(published);
        }
        LOG.warn("The store's copy of {} is missing or damaged; looking in the deploy folder", published.file());
        Path file = folder.dir().resolve(published.file());
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(store.copyIn(file))
                    .filter(copy -> copy.sha256().equals(published.sha256()))
                    .map(copy -> copy.path());
        } catch (IOException e) {
            LOG.warn("{} can't be read: {}", file, e.toString());
            return Optional.empty();
        }
    }
}

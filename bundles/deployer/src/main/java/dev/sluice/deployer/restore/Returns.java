package dev.sluice.deployer.restore;

import dev.sluice.deployer.ReleaseView;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.deployed.Recalled;
import dev.sluice.deployer.ledger.LedgerState;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.status.Entry;
import dev.sluice.deployer.store.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Makes of what the ledger has what can be brought up again: bundles, and releases of several. */
final class Returns {

    private final LedgerState state;
    private final Contents contents;
    private final Store store;

    Returns(LedgerState state, Contents contents, Store store) {
        this.state = state;
        this.contents = contents;
        this.store = store;
    }

    /** {@return what is to come back, by file: what came in one release comes back together} */
    static Collection<List<PublishedArtifact>> byFile(
            List<PublishedArtifact> away, Predicate<PublishedArtifact> which) {
        Map<String, List<PublishedArtifact>> byFile = new LinkedHashMap<>();
        away.stream().filter(which).forEach(published -> byFile.computeIfAbsent(
                        published.inFolder(), any -> new ArrayList<>())
                .add(published));
        return byFile.values();
    }

    /**
     * {@return what comes back from one file; empty if a copy of it is missing}
     *
     * @param parts what of it doesn't run
     */
    Optional<Return> of(List<PublishedArtifact> parts) {
        if (!parts.get(0).isMember()) {
            return artifact(parts.get(0)).map(one -> new Return(one, parts, Optional.of(one)));
        }
        PublishedArtifact release = whole(parts);
        return artifact(release, parts).map(some -> new Return(some, parts, artifact(release, members(release))));
    }

    /** {@return the release that bundles came in; or the one that came in none} */
    PublishedArtifact whole(List<PublishedArtifact> parts) {
        return parts.get(0).isMember() ? state.published().get(parts.get(0).inFolder()) : parts.get(0);
    }

    /** {@return one bundle; empty if its copy is missing} */
    Optional<Artifact> artifact(PublishedArtifact published) {
        return contents.of(published).map(path -> Recalled.of(published, path));
    }

    private Optional<Artifact> artifact(PublishedArtifact release, List<PublishedArtifact> parts) {
        List<Artifact> members =
                parts.stream().flatMap(one -> artifact(one).stream()).toList();
        return members.size() == parts.size()
                ? Optional.of(Recalled.release(
                        release, store.find(release.sha256()).orElse(Path.of(release.file())), members))
                : Optional.empty();
    }

    private List<PublishedArtifact> members(PublishedArtifact release) {
        return state.published().values().stream()
                .filter(one -> one.isMember() && one.inFolder().equals(release.file()))
                .toList();
    }

    /** Has the views tell what was published. */
    void identify(Entry entry, PublishedArtifact published) {
        List<PublishedArtifact> bundles = published.isRelease() ? members(published) : List.of(published);
        List<String> names = bundles.stream()
                .flatMap(one -> one.places().stream())
                .map(PublishedPlace::name)
                .sorted()
                .toList();
        if (published.isRelease()) {
            List<String> entries = bundles.stream()
                    .map(one -> ArtifactNames.entry(one.file()))
                    .sorted()
                    .toList();
            entry.identified(
                    published.sha256(), new ReleaseView(published.symbolicName(), entries), published.version(), names);
        } else {
            entry.identified(published.sha256(), published.symbolicName(), published.version(), names);
        }
    }
}

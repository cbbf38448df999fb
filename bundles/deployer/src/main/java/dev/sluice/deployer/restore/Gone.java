package dev.sluice.deployer.restore;

import dev.sluice.deployer.Cause;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.artifact.Outline;
import dev.sluice.deployer.deploy.Parts;
import dev.sluice.deployer.folder.FolderHealth;
import dev.sluice.deployer.ledger.LedgerRecord;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.store.Sha256;
import dev.sluice.deployer.store.Store;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.zip.ZipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was published from a file that an operator has deleted while the container was down. It isn't started once more,
 * only to be taken out when the folder is compared: it may be just what ends the process at each start.
 *
 * <p>Whatever can't be told, or would leave a gap, is brought back first and left to that comparison, which changes all of
 * it in one generation: where the folder isn't the known one; where a file has come that may be the same under another
 * name, or its successor; where others may be wired to what has gone.
 */
final class Gone {

    private static final Logger LOG = LoggerFactory.getLogger(Gone.class);

    private final Parts parts;
    private final Store store;
    private final BooleanSupplier mayLook;

    /** @param mayLook whether files may be looked into that nobody has verified */
    Gone(Parts parts, BooleanSupplier mayLook) {
        this.parts = parts;
        this.mayLook = mayLook;
        this.store = parts.store();
    }

    /**
     * Removes what has gone, and records it.
     *
     * @param down what would have to be started
     * @return what of it was removed
     */
    Set<PublishedArtifact> remove(List<PublishedArtifact> down) {
        Set<PublishedArtifact> gone = missing(down);
        if (gone.isEmpty()) {
            return Set.of();
        }
        List<String> files = gone.stream().map(PublishedArtifact::file).toList();
        String cause = "remove "
                + gone.stream()
                        .filter(PublishedArtifact::isOfAFile)
                        .map(PublishedArtifact::inFolder)
                        .distinct()
                        .collect(Collectors.joining(", "));
        try {
            parts.ledger()
                    .append(new LedgerRecord.Published(parts.clock().instant(), Cause.START, cause, List.of(), files));
        } catch (IOException e) {
            LOG.error("{} can't be written to the ledger: {}", cause, e.toString());
            return Set.of();
        }
        LOG.info("{}: deleted while the container was down", cause);
        gone.forEach(published -> {
            parts.trialLog().forgive(published.sha256());
            parts.attempts().drop(published.file());
            parts.folder().clearMarker(published.file());
        });
        return gone;
    }

    /**
     * Forgets what is remembered of files that were deleted while the container was down, whatever was published from them: that
     * their content was bad, or that it waits. Of what is published the comparison of the folder sees to that.
     */
    void forget() {
        try {
            if (!isMounted()) {
                return;
            }
            Set<String> there = new HashSet<>();
            parts.folder()
                    .artifacts()
                    .forEach(path -> there.add(path.getFileName().toString()));
            if (!isMounted()) {
                return;
            }
            Set<String> known = new HashSet<>(there);
            parts.ledger().state().published().values().stream()
                    .filter(PublishedArtifact::isOfAFile)
                    .forEach(published -> known.add(published.inFolder()));
            parts.trialLog().forgiveAllBut(known::contains, this::isKept);
            for (String file : parts.ledger().state().superseded().keySet()) {
                if (!there.contains(file)) {
                    parts.ledger()
                            .append(new LedgerRecord.Superseded(parts.clock().instant(), file, ""));
                }
            }
        } catch (IOException e) {
            LOG.warn("What was deleted while the container was down can't be forgotten yet: {}", e.toString());
        }
    }

    /** A file may have been renamed. Looked up for few, if any: each file is read for that. */
    private boolean isKept(String sha256) {
        if (parts.ledger().state().published().values().stream()
                .anyMatch(published -> published.sha256().equals(sha256))) {
            return true;
        }
        try {
            for (Path path : parts.folder().artifacts()) {
                if (Sha256.of(path).equals(sha256)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            LOG.warn("Whether content {} is still in the folder can't be told: {}", sha256, e.toString());
            return true;
        }
    }

    private Set<PublishedArtifact> missing(List<PublishedArtifact> down) {
        try {
            // As the watch does: a file is missing if the folder was there before the look and after it.
            if (!isMounted()) {
                return Set.of();
            }
            List<Path> present = parts.folder().artifacts();
            Set<String> names = new HashSet<>();
            present.forEach(path -> names.add(path.getFileName().toString()));
            Set<PublishedArtifact> missing = new HashSet<>();
            down.stream()
                    .filter(published -> published.isOfAFile() && !names.contains(published.inFolder()))
                    .forEach(missing::add);
            if (!missing.isEmpty()) {
                Map<PublishedArtifact, PublishedArtifact> besides = besides(missing, down);
                missing.addAll(besides.values());
                keepTheLinked(missing, news(present));
                // Both of a rollout go, or none: the old one isn't to have all requests once more.
                besides.forEach((candidate, beside) -> {
                    if (!missing.contains(candidate) || !missing.contains(beside)) {
                        missing.remove(candidate);
                        missing.remove(beside);
                    }
                });
            }
            keepHalfReleases(missing);
            return isMounted() ? missing : Set.of();
        } catch (IOException e) {
            LOG.warn("What was deleted while the container was down can't be told yet: {}", e.toString());
            return Set.of();
        }
    }

    /** A release goes with all of its bundles, or is brought back first. */
    private void keepHalfReleases(Set<PublishedArtifact> missing) {
        List<PublishedArtifact> all =
                List.copyOf(parts.ledger().state().published().values());
        for (PublishedArtifact release : all) {
            if (!release.isRelease()) {
                continue;
            }
            List<PublishedArtifact> members = all.stream()
                    .filter(one -> one.isMember() && one.inFolder().equals(release.file()))
                    .toList();
            if (missing.containsAll(members)) {
                missing.add(release);
            } else {
                members.forEach(missing::remove);
            }
        }
    }

    /** {@return what stays beside others of the same file until their rollouts are over} */
    private Map<PublishedArtifact, PublishedArtifact> besides(
            Set<PublishedArtifact> candidates, List<PublishedArtifact> down) {
        Map<PublishedArtifact, PublishedArtifact> besides = new HashMap<>();
        Map<String, LedgerRecord.RollingOut> rollouts = parts.ledger().state().rollouts();
        for (PublishedArtifact candidate : candidates) {
            Optional.ofNullable(rollouts.get(candidate.file()))
                    .filter(LedgerRecord.RollingOut::isOfOneFile)
                    .flatMap(rollout -> down.stream()
                            .filter(published -> published.file().equals(rollout.besideFile()))
                            .findFirst())
                    .ifPresent(beside -> besides.put(candidate, beside));
        }
        return besides;
    }

    private boolean isMounted() {
        return parts.folder().health() instanceof FolderHealth.Mounted;
    }

    private void keepTheLinked(Set<PublishedArtifact> missing, List<Outline> news) throws IOException {
        String needs = needsOfOthers(missing);
        for (PublishedArtifact published : List.copyOf(missing)) {
            Optional<Path> copy = store.find(published.sha256());
            boolean isAlone = copy.isPresent()
                    && Outline.of(copy.get())
                            .filter(outline -> !outline.lends())
                            .isPresent()
                    && !needs.contains(published.symbolicName())
                    && news.stream().noneMatch(one -> maySucceed(one, published));
            if (!isAlone) {
                missing.remove(published);
            }
        }
    }

    private String needsOfOthers(Set<PublishedArtifact> missing) throws IOException {
        StringBuilder needs = new StringBuilder();
        for (PublishedArtifact published : parts.ledger().state().published().values()) {
            Optional<Path> copy = missing.contains(published) ? Optional.empty() : store.find(published.sha256());
            if (copy.isPresent()) {
                Outline.of(copy.get())
                        .ifPresent(outline -> needs.append(outline.needs()).append('\n'));
            }
        }
        return needs.toString();
    }

    /** One that declares nothing may bring anything. */
    private static boolean maySucceed(Outline news, PublishedArtifact published) {
        return news.names().isEmpty()
                || news.symbolicName().equals(published.symbolicName())
                || published.places().stream().map(PublishedPlace::name).anyMatch(news.names()::contains);
    }

    private Optional<Outline> outline(Path path) throws IOException {
        boolean isRelease = ArtifactNames.isRelease(path.getFileName().toString());
        return mayLook.getAsBoolean() && !isRelease ? Outline.of(path) : Optional.of(Outline.UNKNOWN);
    }

    /** {@return what the folder has that isn't published from the same file} */
    private List<Outline> news(List<Path> present) throws IOException {
        Map<String, PublishedArtifact> published = parts.ledger().state().published();
        List<Outline> news = new ArrayList<>();
        for (Path path : present) {
            PublishedArtifact known = published.get(path.getFileName().toString());
            try {
                if (known == null || !known.contentOfFile().equals(Sha256.of(path))) {
                    outline(path).ifPresent(news::add);
                }
            } catch (ZipException | EOFException | NoSuchFileException e) {
                LOG.debug("{} is no bundle yet: nothing waits for it", path, e);
            }
        }
        return news;
    }
}

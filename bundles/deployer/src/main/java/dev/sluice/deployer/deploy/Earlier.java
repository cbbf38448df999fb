package dev.sluice.deployer.deploy;

import dev.sluice.deployer.ContentView;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RollBack.Outcome;
import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.artifact.Unpacking;
import dev.sluice.deployer.artifact.Verdict;
import dev.sluice.deployer.artifact.Verification;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.History;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.store.StoredCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Version;

/**
 * What files can be rolled back to: contents that were published of late, and that the store still has. Safe for any thread;
 * it reads, and changes nothing.
 */
public final class Earlier {

    /** What was found. */
    public sealed interface Choice {
        /** A verified bundle, under the name of the file in whose place it is to be deployed. */
        record Content(Artifact artifact) implements Choice {}

        /** Why there is none. */
        record None(RollBack why) implements Choice {}

        private static Choice none(Outcome outcome, String message) {
            return new None(new RollBack(outcome, message));
        }
    }

    private final Parts parts;
    private final Verification verification;

    /** @param verification decides about what the store has as about what comes in the folder */
    public Earlier(Parts parts, Verification verification) {
        this.parts = parts;
        this.verification = verification;
    }

    /**
     * {@return what a file can be rolled back to, what was published last first}
     *
     * @param target the file's name, or the symbolic name of what is deployed from it
     */
    public List<ContentView> kept(String target) {
        return deployed(target).stream()
                .flatMap(deployed -> contents(deployed.artifact()))
                .distinct()
                .filter(content -> parts.store().find(content.sha256()).isPresent())
                .toList();
    }

    /** {@return the file that a name means: its own, or that from which alone a symbolic name is deployed} */
    public String file(String target) {
        List<Deployed> deployed = deployed(target);
        return deployed.size() == 1 ? deployed.get(0).file() : target;
    }

    private List<Deployed> deployed(String target) {
        return parts.roster()
                .find(target)
                .filter(deployed -> !deployed.artifact().isMember())
                .map(List::of)
                .orElseGet(() -> parts.roster().all().stream()
                        .filter(deployed -> deployed.artifact().isOfAFile()
                                && !deployed.artifact().isMember())
                        .filter(deployed -> deployed.artifact().symbolicName().equals(target))
                        .toList());
    }

    /** {@return the file of the release that a bundle of that name came in} */
    private Optional<String> releaseWith(String target) {
        return parts.roster().all().stream()
                .map(Deployed::artifact)
                .filter(PublishedArtifact::isMember)
                .filter(one -> one.file().equals(target) || one.symbolicName().equals(target))
                .map(PublishedArtifact::inFolder)
                .findFirst();
    }

    private Stream<ContentView> contents(PublishedArtifact deployed) {
        return parts.ledger().history().newestFirst(parts.ledger().limits()).stream()
                .filter(isOf(deployed));
    }

    private static Predicate<ContentView> isOf(PublishedArtifact deployed) {
        // A release and a bundle may have the same name, and neither can be deployed in the place of the other.
        return content -> ArtifactNames.isRelease(content.file()) == deployed.isRelease()
                && (content.file().equals(deployed.file())
                        || content.symbolicName().equals(deployed.symbolicName()));
    }

    /**
     * Finds and verifies what an operator wants to have back. Reads all of its bytes.
     *
     * @param target the file's name, or the symbolic name of what is deployed from it
     * @param to a version, or a digest
     */
    public Choice find(String target, String to) {
        List<Deployed> deployed = deployed(target);
        if (deployed.isEmpty()) {
            Optional<String> release = releaseWith(target);
            if (release.isPresent()) {
                return Choice.none(
                        Outcome.REFUSED,
                        target + " came in the release " + release.get() + ", which goes back as a whole: roll back "
                                + release.get());
            }
            return Choice.none(
                    Outcome.UNKNOWN,
                    "nothing is deployed from a file '" + target
                            + "', or with that symbolic name: GET /api/v1/status shows what is");
        }
        if (deployed.size() > 1) {
            return Choice.none(
                    Outcome.REFUSED,
                    target + " is deployed from "
                            + deployed.stream().map(Deployed::file).sorted().collect(Collectors.joining(", "))
                            + ": say which file is to be rolled back, or delete what isn't to run");
        }
        PublishedArtifact now = deployed.get(0).artifact();
        Predicate<ContentView> wanted = content -> content.sha256().equals(to) || isVersion(content.version(), to);
        List<ContentView> found = contents(now).filter(wanted).toList();
        if (found.size() > 1) {
            return Choice.none(
                    Outcome.REFUSED,
                    now.file() + " had several contents of version " + to
                            + ": say which by its sha256, "
                            + found.stream().map(ContentView::sha256).collect(Collectors.joining(" or ")));
        }
        return found.isEmpty() ? notFound(now, to, wanted) : verified(now.file(), found.get(0));
    }

    private static boolean isVersion(String version, String to) {
        try {
            return Version.parseVersion(version).equals(Version.parseVersion(to));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Choice notFound(PublishedArtifact now, String to, Predicate<ContentView> wanted) {
        History history = parts.ledger().history();
        boolean wasThere = Stream.concat(
                        history.contents().stream(),
                        history.publications().stream()
                                .flatMap(past -> Stream.concat(past.came().stream(), past.went().stream())))
                .anyMatch(isOf(now).and(wanted));
        String kept = kept(now.file()).stream()
                .map(content -> content.version().isEmpty()
                        ? "sha256 " + content.sha256()
                        : content.version() + " (sha256 " + content.sha256() + ")")
                .collect(Collectors.joining(", "));
        String there = kept.isEmpty() ? "nothing is" : "kept are " + kept;
        return wasThere
                ? Choice.none(Outcome.NOT_KEPT, notKept(now.file(), to) + "; " + there)
                : Choice.none(
                        Outcome.UNKNOWN,
                        "as far as is known, nothing of version or sha256 '" + to + "' was published from " + now.file()
                                + "; " + there);
    }

    static String notKept(String file, String what) {
        return what + " of " + file + " isn't kept any more (history.versions, history.size): copy that JAR into the"
                + " folder";
    }

    private Choice verified(String file, ContentView content) {
        Optional<Path> copy = parts.store().find(content.sha256());
        if (copy.isEmpty()) {
            return Choice.none(Outcome.NOT_KEPT, notKept(file, content.version()));
        }
        if (!parts.store().intact(content.sha256())) {
            return Choice.none(
                    Outcome.NOT_KEPT,
                    "the kept copy of " + content.version() + " of " + file
                            + " is damaged: look at the disk, and copy that JAR into the folder");
        }
        Verdict verdict = verification.verify(file, new StoredCopy(copy.get(), content.sha256(), size(copy.get())));
        if (verdict instanceof Verdict.Accepted accepted) {
            try {
                return new Choice.Content(Unpacking.of(accepted.artifact(), parts.store()));
            } catch (IOException e) {
                return Choice.none(
                        Outcome.FAILED,
                        "the bundles of " + content.version() + " of " + file + " can't be copied into the store (" + e
                                + "): look at the disk of the data directory");
            }
        }
        String why = verdict instanceof Verdict.Refused refused ? refused.message() : "its copy isn't whole";
        return Choice.none(Outcome.REFUSED, file + " isn't rolled back to " + content.version() + ": " + why);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }
}

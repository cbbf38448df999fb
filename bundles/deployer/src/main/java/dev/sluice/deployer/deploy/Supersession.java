package dev.sluice.deployer.deploy;

import dev.sluice.deployer.artifact.Artifact;
import dev.sluice.deployer.deployed.Deployed;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedRelease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.osgi.framework.Version;

/** Which of two releases of one name, in two files, takes the place of the other. */
final class Supersession {

    /** Of more than that nobody keeps the files. */
    private static final int MOST_REMEMBERED = 100;

    private Supersession() {}

    /** {@return whether both are releases of one name, which come from two files} */
    static boolean areRivals(PublishedArtifact standing, Artifact comes) {
        return standing.isRelease()
                && comes.release().isPresent()
                && standing.symbolicName().equals(comes.symbolicName())
                && !standing.file().equals(comes.file());
    }

    /**
     * Whether what stands goes before what comes: it has a higher version; or the same, or one of the two has none, and it has
     * taken the place of just this content before. So what came later counts, also after a restart, when all of it comes again.
     */
    static boolean goesBefore(PublishedArtifact standing, Artifact comes) {
        int order = compare(standing.version(), comes.version());
        return order > 0
                || (order == 0 && standing.release().orElseThrow().superseded().contains(comes.sha256()));
    }

    /** {@return the order of two versions; one that is missing is like any} */
    static int compare(String one, String other) {
        return one.isEmpty() || other.isEmpty() ? 0 : Version.parseVersion(one).compareTo(Version.parseVersion(other));
    }

    /** {@return the digests of the releases that one has taken the place of, if it comes in a change} */
    static List<String> superseded(Artifact comes, Collection<Deployed> leaving) {
        Set<String> digests = new LinkedHashSet<>();
        for (Deployed deployed : leaving) {
            PublishedArtifact before = deployed.artifact();
            if (before.isRelease() && before.symbolicName().equals(comes.symbolicName())) {
                digests.addAll(
                        before.release().map(PublishedRelease::superseded).orElseThrow());
                digests.add(before.contentOfFile());
                digests.add(before.sha256());
            }
        }
        digests.remove(comes.sha256());
        comes.rolledBack().ifPresent(decision -> digests.remove(decision.from()));
        List<String> all = new ArrayList<>(digests);
        return all.subList(Math.max(0, all.size() - MOST_REMEMBERED), all.size());
    }

    /** {@return what status says of one that doesn't come for another} */
    static String message(String file, Artifact other) {
        return message(file, other.symbolicName(), other.version());
    }

    /** {@return what status says of one that doesn't come for another} */
    static String message(PublishedArtifact other) {
        return message(other.file(), other.symbolicName(), other.version());
    }

    private static String message(String file, String name, String version) {
        return "superseded by " + file + ", which is release " + name + (version.isEmpty() ? "" : " " + version)
                + "; it is deployed when that file goes";
    }
}

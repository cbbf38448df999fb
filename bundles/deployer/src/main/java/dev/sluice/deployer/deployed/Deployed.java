package dev.sluice.deployer.deployed;

import dev.sluice.chain.ReservedPlace;
import dev.sluice.deployer.ledger.PublishedArtifact;
import dev.sluice.deployer.ledger.PublishedPlace;
import dev.sluice.deployer.ledger.RolledBack;
import dev.sluice.deployer.status.Entry;
import dev.sluice.unload.Departure;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What is deployed from a file: what was last published from it, whether or not it runs at the moment.
 *
 * @param artifact as the ledger has it
 * @param bundleId its bundle; empty if an operator has uninstalled it, or it could not be brought back at the start. If it
 *     could not, but an earlier bundle of it still holds its places in the chain, that one
 * @param entry what the views show of it
 * @param isLost whether it could not be brought back at the start: only its places are kept, and its entry is an attempt
 */
public record Deployed(PublishedArtifact artifact, OptionalLong bundleId, Entry entry, boolean isLost) {

    private static final String NO_FILE = "#";
    private static final Pattern LINGERING = Pattern.compile(NO_FILE + "[0-9a-f]{12}$");

    public String file() {
        return artifact.file();
    }

    public String sha256() {
        return artifact.sha256();
    }

    /** {@return whether it is a release, which has no bundle but those that came in it} */
    public boolean isRelease() {
        return artifact.isRelease();
    }

    /** {@return how the log names it} */
    public String title() {
        return (artifact.symbolicName() + " " + artifact.version()).strip();
    }

    /** {@return the places of what was published, to be reserved} */
    public static List<ReservedPlace> places(PublishedArtifact artifact) {
        return artifact.places().stream()
                .map(place -> Reservations.reserved(artifact.symbolicName(), place, Optional.of(artifact.version())))
                .toList();
    }

    public static Set<String> names(PublishedArtifact artifact) {
        return artifact.places().stream().map(PublishedPlace::name).collect(Collectors.toSet());
    }

    /** {@return what leaves with it, for those who judge whether it has gone} */
    public Departure departure() {
        return departure(artifact, entry);
    }

    /** {@return what leaves with an artifact, for those who judge whether it has gone} */
    public static Departure departure(PublishedArtifact artifact, Entry entry) {
        Set<String> names = new TreeSet<>(names(artifact));
        names.addAll(entry.view().middleware());
        return new Departure(fileOf(artifact.file()), artifact.sha256(), List.copyOf(names));
    }

    public Deployed renamed(String file) {
        return new Deployed(artifact.named(file), bundleId, entry, isLost);
    }

    public Deployed called(String name) {
        return new Deployed(artifact.called(name), bundleId, entry, isLost);
    }

    /** {@return the same, under another decision of an operator} */
    public Deployed with(Optional<RolledBack> decision) {
        return new Deployed(artifact.with(decision), bundleId, entry, isLost);
    }

    /**
     * {@return the same under the name that the ledger keeps it by while what stays is wired to it} No file has such a name:
     * after a restart it is back for those that need it, and leaves again as a file that is gone.
     */
    public Deployed lingering() {
        String suffix = NO_FILE + sha256().substring(0, 12);
        return file().endsWith(suffix) ? this : renamed(file() + suffix).with(Optional.empty());
    }

    /** {@return whether a name is that of what stays, for a while, of earlier content of a file} */
    public static boolean isNamedAfter(String file, String name) {
        return name.startsWith(file + NO_FILE);
    }

    /** {@return the file that a name is of: its own, but for what only stays for a while} */
    public static String fileOf(String name) {
        return LINGERING.matcher(name).replaceFirst("");
    }

    Deployed withoutBundle() {
        return new Deployed(artifact, OptionalLong.empty(), entry, isLost);
    }
}

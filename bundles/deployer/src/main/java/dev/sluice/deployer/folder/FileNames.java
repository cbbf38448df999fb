package dev.sluice.deployer.folder;

import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.integrity.Sidecar;
import java.util.List;
import java.util.Locale;

/** Which names in the deploy folder mean what. */
final class FileNames {

    /** The folder's id. */
    static final String ID = ".sluice-id";

    /** What the container writes under before it renames. A dot file, so nobody takes it for an artifact. */
    static final String TEMPORARY_PREFIX = ".sluice-";

    static final String TEMPORARY_SUFFIX = ".part";

    /** Beside artifacts these are usual, and not worth a word. */
    private static final List<String> SILENT = List.of(
            ".failed",
            ".stopped",
            ".removed",
            ".rolledback",
            ".sha256",
            ".sha512",
            ".sha1",
            ".md5",
            ".sig",
            ".asc",
            ".tmp",
            ".part",
            ".filepart",
            ".crdownload",
            ".swp",
            "~");

    private FileNames() {}

    static boolean isArtifact(String name) {
        return !name.startsWith(".") && ArtifactNames.isArtifact(name);
    }

    /** {@return the name of the artifact that a sidecar says something of; any other name as it is} */
    static String withoutSidecar(String name) {
        return Sidecar.SUFFIXES.stream()
                .filter(name::endsWith)
                .map(suffix -> name.substring(0, name.length() - suffix.length()))
                .findFirst()
                .orElse(name);
    }

    static boolean isSilent(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return name.startsWith(".") || SILENT.stream().anyMatch(lower::endsWith);
    }
}

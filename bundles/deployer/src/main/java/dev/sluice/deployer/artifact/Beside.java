package dev.sluice.deployer.artifact;

import java.util.Locale;
import java.util.regex.Pattern;

/** What may lie beside the JARs of a release, and is left alone. */
final class Beside {

    private static final Pattern TEXT =
            Pattern.compile("(readme|license|licence|notice|changelog|changes|copying).*|.*\\.(txt|md)");

    /** What tools put there by themselves: {@code jar}, and the archivers of two systems. */
    private static final Pattern OF_TOOLS =
            Pattern.compile("META-INF/MANIFEST\\.MF|__MACOSX/.*|(.*/)?(\\.DS_Store|Thumbs\\.db)");

    private Beside() {}

    static boolean isHarmless(String entry) {
        String name = entry.substring(entry.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return OF_TOOLS.matcher(entry).matches() || (TEXT.matcher(name).matches() && !ArtifactNames.isArtifact(name));
    }
}

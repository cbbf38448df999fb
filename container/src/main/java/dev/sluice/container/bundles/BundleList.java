package dev.sluice.container.bundles;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the container runs, in the order in which it is started: the one list, written by the build into the container's
 * JAR and read by the launcher and by the integration tests. One line for each bundle, with five fields apart by a space:
 * start level, SHA-256, symbolic name, version, path inside the JAR. Lines that begin with {@code #} are comments.
 *
 * @param bundles the bundles
 */
public record BundleList(List<ContainedBundle> bundles) {

    /** Where the list lies in the container's JAR. */
    public static final String RESOURCE = "META-INF/sluice/bundles";

    public BundleList {
        bundles = List.copyOf(bundles);
    }

    /**
     * {@return the list of the container that the class loader belongs to}
     *
     * @throws IOException if it can't be read
     */
    public static BundleList load(ClassLoader loader) throws IOException {
        InputStream in = loader.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new FileNotFoundException(RESOURCE + " is missing: this is not the container's JAR");
        }
        try (in) {
            return parse(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
    }

    static BundleList parse(Reader text) throws IOException {
        try (BufferedReader lines = new BufferedReader(text)) {
            return new BundleList(lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(ContainedBundle::parse)
                    .toList());
        }
    }

    /** {@return the text that the list is read from} */
    public String text() {
        return bundles.stream()
                .map(ContainedBundle::line)
                .collect(Collectors.joining("\n", "# start level, SHA-256, symbolic name, version, file\n", "\n"));
    }

    /** {@return the highest start level of any bundle} */
    public int highestStartLevel() {
        return bundles.stream().mapToInt(ContainedBundle::startLevel).max().orElse(1);
    }
}

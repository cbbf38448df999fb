package dev.sluice.deployer.artifact;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.osgi.framework.Constants;

/**
 * What a file's manifest says of how it stands to others, without any look at the rest of the file.
 *
 * @param symbolicName its symbolic name
 * @param names the middleware that it declares
 * @param lends whether others can be wired to it
 * @param needs the headers by which it asks for bundles and capabilities
 */
public record Outline(String symbolicName, Set<String> names, boolean lends, String needs) {

    /** Of a file that mustn't be looked into: it could be anything. */
    public static final Outline UNKNOWN = new Outline("", Set.of(), true, "");

    /**
     * {@return the outline of a file; empty if its manifest is none of a bundle that may be deployed}
     *
     * @throws IOException if it can't be read, or is no whole ZIP
     */
    public static Optional<Outline> of(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile(), false, ZipFile.OPEN_READ)) {
            BundleManifest bundle = BundleManifest.of(jar);
            Set<String> names = bundle.declared().stream()
                    .map(DeclaredMiddleware::name)
                    .flatMap(Optional::stream)
                    .collect(Collectors.toUnmodifiableSet());
            return Optional.of(new Outline(bundle.symbolicName(), names, bundle.lends(), needs(jar.getManifest())));
        } catch (Rejection e) {
            return Optional.empty();
        }
    }

    private static String needs(Manifest manifest) {
        Attributes headers = manifest.getMainAttributes();
        return Stream.of(Constants.REQUIRE_BUNDLE, Constants.REQUIRE_CAPABILITY)
                .map(headers::getValue)
                .filter(header -> header != null)
                .collect(Collectors.joining(","));
    }
}

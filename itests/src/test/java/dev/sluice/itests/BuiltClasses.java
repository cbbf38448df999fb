package dev.sluice.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The classes of the product, as the build has left them. */
final class BuiltClasses {

    private BuiltClasses() {}

    /** {@return a folder of each module} */
    static List<Path> folders() throws IOException {
        try (Stream<Path> bundles = Files.list(Path.of("../bundles"))) {
            List<Path> classes = Stream.concat(
                            bundles, Stream.of(Path.of("../container"), Path.of("../middleware-api")))
                    .map(module -> module.resolve("target/classes"))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(classes).as("modules that are built").hasSizeGreaterThanOrEqualTo(6);
            return classes;
        }
    }
}

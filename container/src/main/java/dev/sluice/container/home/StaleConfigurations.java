package dev.sluice.container.home;

import dev.sluice.conf.OneFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Configurations whose file in {@code conf/} went while the container was down. ConfigAdmin remembers them, and File
 * Install notices only files that go while it watches; so without this, a file that is gone would rule on. It's also what
 * lets a home be moved: what came from the files at the old place goes, and comes again from the new.
 *
 * <p>Instances of what there is one of go too, whoever made them: Declarative Services would take one of them, and not look
 * at the file.
 *
 * <p>To be dropped before ConfigAdmin starts, from the files in which it keeps them.
 */
public final class StaleConfigurations {

    // As ConfigAdmin writes what File Install notes down: a quoted string, with backslashes before = and quotes.
    private static final Pattern ORIGIN =
            Pattern.compile("^felix\\.fileinstall\\.filename\\s*=\\s*\"(.*)\"", Pattern.MULTILINE);

    private static final Pattern FACTORY = Pattern.compile("^service\\.factoryPid\\s*=\\s*\"(.*)\"", Pattern.MULTILINE);

    private StaleConfigurations() {}

    /**
     * Forgets them.
     *
     * @param home the home, locked
     * @throws IOException if ConfigAdmin's store can't be read or written
     */
    public static void drop(Home home) throws IOException {
        if (!Files.isDirectory(home.configurations())) {
            return;
        }
        for (Path stored : stored(home.configurations())) {
            String configuration = Files.readString(stored);
            Optional<Path> origin = origin(configuration);
            if (origin.filter(StaleConfigurations::isNoFileOfIts).isPresent() || isStrayInstance(configuration)) {
                Files.delete(stored);
            }
        }
    }

    private static boolean isNoFileOfIts(Path origin) {
        return !Files.exists(origin) || OneFile.isStray(origin.getFileName().toString());
    }

    private static boolean isStrayInstance(String configuration) {
        Matcher factory = FACTORY.matcher(configuration);
        return factory.find()
                && OneFile.PIDS.contains(unescaped(factory.group(1)).split("\\|")[0]);
    }

    private static String unescaped(String value) {
        return value.replaceAll("\\\\(.)", "$1");
    }

    private static List<Path> stored(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().endsWith(".config")).toList();
        }
    }

    /** The file that a stored configuration came from, if it came from one. */
    private static Optional<Path> origin(String configuration) {
        Matcher origin = ORIGIN.matcher(configuration);
        if (!origin.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(URI.create(unescaped(origin.group(1)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // not written by File Install, so none of ours to drop
        }
    }
}

package dev.sluice.deployer.integrity;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The folder of the keys that an operator trusts, {@code conf/trust}. Read anew each time: what is put there or taken away
 * counts from the next file on, and a few small files cost nothing beside a JAR. No state.
 */
final class TrustFolder {

    private static final String PEM = ".pem";

    /**
     * What is in it.
     *
     * @param keys the keys, in the order of their files' names
     * @param problems a sentence for each file that isn't used
     */
    record Contents(List<TrustedKey> keys, List<String> problems) {

        static final Contents NONE = new Contents(List.of(), List.of());

        Contents {
            keys = List.copyOf(keys);
            problems = List.copyOf(problems);
        }
    }

    private final Path dir;

    TrustFolder(Path dir) {
        this.dir = dir;
    }

    Path dir() {
        return dir;
    }

    Contents read() {
        List<TrustedKey> keys = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        try {
            for (Path path : files()) {
                String file = path.getFileName().toString();
                try {
                    keys.addAll(keys(path, file));
                } catch (PemKeys.Unusable e) {
                    problems.add(path + " isn't used: it " + e.getMessage() + ".");
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Contents.NONE;
        } catch (IOException e) {
            problems.add("The keys in " + dir + " can't be listed (" + e + "), so none is used.");
            keys.clear();
        }
        return new Contents(keys, problems);
    }

    /** Those with a dot at the beginning are how Kubernetes mounts a folder, and editors' own. */
    private Iterable<Path> files() throws IOException {
        TreeSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(dir)) {
            for (Path path : all) {
                if (!path.getFileName().toString().startsWith(".")) {
                    files.add(path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    private static List<TrustedKey> keys(Path path, String file) throws PemKeys.Unusable {
        if (!file.toLowerCase(Locale.ROOT).endsWith(PEM)) {
            throw new PemKeys.Unusable("has a name that doesn't end in .pem");
        }
        Sidecar read = Sidecar.read(path);
        if (read instanceof Sidecar.Present present) {
            return PemKeys.parse(file, present.content());
        }
        throw new PemKeys.Unusable(read instanceof Sidecar.Unusable unusable ? unusable.why() : "has just gone");
    }
}

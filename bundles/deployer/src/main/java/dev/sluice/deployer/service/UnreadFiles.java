package dev.sluice.deployer.service;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.felix.utils.properties.TypedProperties;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in {@code conf/} that say by what rules something is deployed, and of which no configuration has come: File Install
 * can't read them, and tells nobody but the log. Used by one thread at a time.
 */
final class UnreadFiles {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadFiles.class);

    private static final String EXTENSION = ".cfg";
    private static final String ORIGIN = "felix.fileinstall.filename";

    /** What is asked of files, how what comes is rolled out, and what the chain makes of it. */
    private static final Set<String> PIDS = Set.of(
            Settings.PID, "dev.sluice.chain", "dev.sluice.middleware", "dev.sluice.traffic", "dev.sluice.rollout");

    /** File Install looks every second, and takes what it finds unchanged at the next look. */
    private static final long TAKEN_WITHIN_NANOS = 5_000_000_000L;

    private record Seen(FileTime modified, long size, long since) {

        boolean isSame(Seen other) {
            return modified.equals(other.modified) && size == other.size;
        }
    }

    private final Path folder;
    private final Supplier<Set<String>> taken;
    private final LongSupplier nanos;
    private Map<String, Seen> waiting = Map.of();
    private boolean begun;

    /**
     * @param folder {@code conf/}
     * @param taken the names of the files of which configurations have come
     */
    UnreadFiles(Path folder, Supplier<Set<String>> taken, LongSupplier nanos) {
        this.folder = folder;
        this.taken = taken;
        this.nanos = nanos;
    }

    /** {@return the names of the files of which configurations have come} */
    static Set<String> taken(ConfigurationAdmin configurations) {
        try {
            Configuration[] found = configurations.listConfigurations("(" + ORIGIN + "=*)");
            Set<String> names = new HashSet<>();
            for (Configuration one : found == null ? new Configuration[0] : found) {
                Dictionary<String, Object> properties = one.getProperties();
                if (properties != null) {
                    names.add(Path.of(URI.create(properties.get(ORIGIN).toString()))
                            .getFileName()
                            .toString());
                }
            }
            return names;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Looks through the folder. What lies there at the first look counts at once, as File Install has been through it before
     * anything else starts; what comes later, when it has had the time to be taken.
     *
     * @return why each can't be read, by the names of the files
     */
    Map<String, String> look() {
        Map<String, Seen> before = waiting;
        Map<String, Seen> now = new HashMap<>();
        Map<String, String> unread = new TreeMap<>();
        long at = nanos.getAsLong();
        for (Path file : notTaken()) {
            String name = file.getFileName().toString();
            Seen seen = seen(file, at);
            Seen first = before.get(name);
            Seen since = first != null && first.isSame(seen) ? first : seen;
            now.put(name, begun ? since : new Seen(seen.modified(), seen.size(), at - TAKEN_WITHIN_NANOS));
            if (at - now.get(name).since() >= TAKEN_WITHIN_NANOS) {
                unread.put(name, fault(file));
            }
        }
        waiting = now;
        begun = true;
        return unread;
    }

    private List<Path> notTaken() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            // First the folder: what is taken in between isn't missed.
            List<Path> ours = files.filter(UnreadFiles::isOurs)
                    .filter(Files::isRegularFile)
                    .toList();
            Set<String> names = ours.isEmpty() ? Set.of() : taken.get();
            return ours.stream()
                    .filter(file -> !names.contains(file.getFileName().toString()))
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} can't be looked through", folder, e);
            return List.of();
        }
    }

    /** What stands behind the first hyphen or tilde names an instance. */
    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(EXTENSION)
                && PIDS.contains(
                        name.substring(0, name.length() - EXTENSION.length()).split("[-~]", 2)[0]);
    }

    private static Seen seen(Path file, long at) {
        try {
            return new Seen(Files.getLastModifiedTime(file), Files.size(file), at);
        } catch (IOException e) {
            // It has just gone.
            return new Seen(FileTime.fromMillis(0), -1, at);
        }
    }

    /** Why, as far as it can be told: read as File Install does it. */
    private static String fault(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            in.mark(1);
            boolean xml = in.read() == '<';
            in.reset();
            if (xml) {
                new java.util.Properties().loadFromXML(in);
            } else {
                new TypedProperties((name, key, value) -> value)
                        .load(new InputStreamReader(in, StandardCharsets.UTF_8));
            }
            return "no configuration has come of it, and the log says why";
        } catch (IOException | RuntimeException e) {
            return (e instanceof IllegalArgumentException || e.getMessage() == null
                            ? String.valueOf(e.getMessage())
                            : e.getClass().getSimpleName() + ": " + e.getMessage())
                    .strip();
        }
    }
}

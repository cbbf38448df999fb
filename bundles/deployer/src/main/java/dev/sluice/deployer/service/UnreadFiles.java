package dev.sluice.deployer.service;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * Files in {@code conf/} that say by what rules something is deployed, and that File Install can't read, of which it tells nobody
 * but the log. Used by one thread at a time.
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

    /**
     * A file that can't be read.
     *
     * @param why what is wrong with it
     * @param wasRead whether there is a configuration of it, from what it said before
     */
    record Unread(String why, boolean wasRead) {}

    /** What was found of a file, and since when it looks so. */
    private record Seen(FileTime modified, long size, Optional<String> fault, long since) {}

    private final Path folder;
    private final Supplier<Set<String>> taken;
    private final LongSupplier nanos;
    private Map<String, Seen> seen = Map.of();
    private Map<String, Unread> last = Map.of();

    /** Since when files are away that couldn't be read. */
    private final Map<String, Long> away = new HashMap<>();

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
                    name(properties.get(ORIGIN).toString()).ifPresent(names::add);
                }
            }
            return names;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Anybody may write anything there. What is no file isn't one of ours. */
    private static Optional<String> name(String origin) {
        try {
            return Optional.ofNullable(Path.of(URI.create(origin)).getFileName())
                    .map(Path::toString);
        } catch (IllegalArgumentException | FileSystemNotFoundException | SecurityException e) {
            LOG.debug("{} names no file", origin, e);
            return Optional.empty();
        }
    }

    /**
     * Looks through the folder. What lies there at the first look counts at once, as File Install has been through it before
     * anything else starts; what comes later, when it has had the time to be taken.
     *
     * @return those that can't be read, by their names
     */
    Map<String, Unread> look() {
        List<Path> ours = ours();
        // First the folder: what is taken in between isn't missed.
        Set<String> read = ours.isEmpty() ? Set.of() : taken.get();
        long at = nanos.getAsLong();
        Map<String, Seen> now = new HashMap<>();
        Map<String, Unread> unread = new TreeMap<>();
        for (Path file : ours) {
            String name = file.getFileName().toString();
            Seen one = seen(file, Optional.ofNullable(seen.get(name)), at);
            now.put(name, one);
            boolean hadTime = !begun || at - one.since() >= TAKEN_WITHIN_NANOS;
            boolean wasRead = read.contains(name);
            // One that is being mended is unread until it is read.
            boolean isStillUnread = !wasRead && last.containsKey(name);
            if ((hadTime || isStillUnread) && (!wasRead || one.fault().isPresent())) {
                unread.put(name, new Unread(one.fault().orElse("no configuration has come of it yet"), wasRead));
            }
        }
        keepThoseAway(now.keySet(), unread, at);
        seen = now;
        last = Map.copyOf(unread);
        begun = true;
        return unread;
    }

    /** Whoever mends one may put another in its place: that it is away for a moment answers for nothing. */
    private void keepThoseAway(Set<String> there, Map<String, Unread> unread, long at) {
        away.keySet().removeAll(there);
        last.forEach((name, one) -> {
            if (!there.contains(name)
                    && !one.wasRead()
                    && at - away.computeIfAbsent(name, absent -> at) < TAKEN_WITHIN_NANOS) {
                unread.put(name, one);
            }
        });
        away.keySet().retainAll(unread.keySet());
    }

    /** {@return whether a file looks as it does for so long that what it says has been taken} */
    boolean hadTime(String name) {
        return Optional.ofNullable(seen.get(name))
                .filter(one -> nanos.getAsLong() - one.since() >= TAKEN_WITHIN_NANOS)
                .isPresent();
    }

    /** {@return whether a file lies there} */
    boolean isThere(String name) {
        return Files.isRegularFile(folder.resolve(name));
    }

    private List<Path> ours() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(UnreadFiles::isOurs)
                    .filter(Files::isRegularFile)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} can't be looked through", folder, e);
            return List.of();
        }
    }

    /**
     * What stands behind the first hyphen or tilde names an instance. Of what there is one of each nobody reads those: that is for
     * the reader to judge.
     */
    private static boolean isOurs(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(EXTENSION)
                && PIDS.contains(
                        name.substring(0, name.length() - EXTENSION.length()).split("[-~]", 2)[0]);
    }

    /** Its text is looked at once for each state of it. */
    private Seen seen(Path file, Optional<Seen> before, long at) {
        FileTime modified;
        long size;
        try {
            modified = Files.getLastModifiedTime(file);
            size = Files.size(file);
        } catch (IOException e) {
            // It has just gone.
            return new Seen(FileTime.fromMillis(0), -1, Optional.empty(), at);
        }
        return before.filter(one -> one.modified().equals(modified) && one.size() == size)
                .orElseGet(() -> new Seen(modified, size, fault(file), begun ? at : at - TAKEN_WITHIN_NANOS));
    }

    /** Why, as far as it can be told: read as File Install does it. */
    private static Optional<String> fault(Path file) {
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
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            String said = Optional.ofNullable(e.getMessage()).orElse("").strip();
            return Optional.of(
                    e instanceof IllegalArgumentException && !said.isEmpty()
                            ? said
                            : (e.getClass().getSimpleName() + " " + said).strip());
        }
    }
}

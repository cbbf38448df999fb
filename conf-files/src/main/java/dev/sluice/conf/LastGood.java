package dev.sluice.conf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each of an operator's files of one kind said when it was last taken, on the disk: what stays in force while the file has
 * a mistake in it, over a restart too. Used by one thread at a time. Where nothing can be written, what was kept before is put
 * aside: it is out of date, but nobody has taken it back for good.
 */
public final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private static final String ENDING = ".properties";

    /** Follows the ending of what is out of date. */
    private static final String ASIDE = ".old";

    private final Path folder;
    private final String kind;
    private final String without;

    /** Those that couldn't be written: it may be tried often, and is told once. */
    private final Set<String> unwritten = new HashSet<>();

    /**
     * Keeps them in a folder.
     *
     * @param folder where; made when it is needed
     * @param kind what a file has in it, in a word
     * @param without what comes of a mistake in a file if its last good state isn't known
     */
    public LastGood(Path folder, String kind, String without) {
        this.folder = folder;
        this.kind = kind;
        this.without = without;
    }

    /** {@return what was kept; empty if nothing was, if it is out of date, or can't be read} */
    public Optional<Map<String, String>> load(String pid) {
        return read(file(pid));
    }

    /** {@return what was kept before something newer couldn't be; empty if what is kept is up to date, or can't be read} */
    public Optional<Map<String, String>> outdated(String pid) {
        return Files.exists(file(pid)) ? Optional.empty() : read(aside(pid));
    }

    private Optional<Map<String, String>> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "{} can't be read: if the file of the {} has a mistake now, its last good state is lost",
                    file,
                    kind,
                    e);
            return Optional.empty();
        }
        Map<String, String> texts = new HashMap<>();
        properties.forEach((key, value) -> texts.put((String) key, (String) value));
        return Optional.of(texts);
    }

    /**
     * Whoever reads the file, after a power failure too, sees what was there before, or this, whole.
     *
     * @return whether it is kept now
     */
    public boolean save(String pid, Map<String, String> texts) {
        if (load(pid).filter(texts::equals).isPresent()) {
            unwritten.remove(pid);
            return true;
        }
        Properties properties = new Properties();
        properties.putAll(texts);
        Path file = file(pid);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(folder);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            properties.store(bytes, "What the file of the " + kind + " said when it was last taken");
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes.toByteArray());
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            boolean isNew = unwritten.add(pid);
            if (isNew) {
                LOG.warn(
                        "{} can't be written: the {} is in force, but wouldn't outlive a restart with a mistake in its"
                                + " file; {}",
                        file,
                        kind,
                        without,
                        e);
            }
            putAside(pid, isNew);
            return false;
        }
        unwritten.remove(pid);
        delete(aside(pid));
        return true;
    }

    /** Needs no room. */
    private void putAside(String pid, boolean isNew) {
        Path file = file(pid);
        if (!Files.exists(file)) {
            return;
        }
        try {
            Files.move(file, aside(pid), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            if (isNew) {
                LOG.warn("{} can't be renamed: delete it, as it is out of date", file, e);
            }
        }
    }

    /** Forgets what was kept. */
    public void forget(String pid) {
        delete(aside(pid));
        delete(file(pid));
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} can't be deleted: delete it, as it is out of date", file, e);
        }
    }

    /** Forgets those whose files went while nobody looked. */
    public void keepOnly(Collection<String> pids) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<String> kept;
        try (Stream<Path> files = Files.list(folder)) {
            kept = files.flatMap(file -> pid(file).stream()).toList();
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("{} can't be read", folder, e);
            return;
        }
        kept.stream().filter(pid -> !pids.contains(pid)).forEach(this::forget);
    }

    /** A PID may have characters that a file's name may not. */
    private Path file(String pid) {
        return folder.resolve(URLEncoder.encode(pid, StandardCharsets.UTF_8) + ENDING);
    }

    private Path aside(String pid) {
        return file(pid).resolveSibling(file(pid).getFileName() + ASIDE);
    }

    /** {@return whose file it is; empty if it isn't one that was written here} */
    private static Optional<String> pid(Path file) {
        String name = file.getFileName().toString().replaceFirst("\\.old$", "");
        if (!name.endsWith(ENDING)) {
            return Optional.empty();
        }
        try {
            String encoded = name.substring(0, name.length() - ENDING.length());
            return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

package dev.sluice.proxy.config;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Reader;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What each route's file said when it was last taken, on the disk: what stays in force while the file is refused, over a
 * restart too. Used by one thread at a time. A disk that fails is logged and stops no route; then
 * nothing is better than something that is out of date.
 */
public final class LastGood {

    private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);

    private static final String ENDING = ".properties";

    private final Path folder;

    /**
     * Keeps them in a folder.
     *
     * @param folder where; made when it is needed
     */
    public LastGood(Path folder) {
        this.folder = folder;
    }

    Optional<Map<String, String>> load(String name) {
        Path file = file(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} can't be read: if the route's file is bad now, its last good state is lost", file, e);
            return Optional.empty();
        }
        Map<String, String> texts = new HashMap<>();
        properties.forEach((key, value) -> texts.put((String) key, (String) value));
        return Optional.of(texts);
    }

    /** Whoever reads the file, after a power failure too, sees what was there before, or this, whole. */
    void save(String name, Map<String, String> texts) {
        if (load(name).filter(texts::equals).isPresent()) {
            return;
        }
        Properties properties = new Properties();
        properties.putAll(texts);
        Path file = file(name);
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(folder);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            properties.store(bytes, "What the route's file said when it was last taken");
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
            LOG.warn(
                    "{} can't be written: the route is in force, but wouldn't outlive a restart with a bad file",
                    file,
                    e);
            forget(name);
        }
    }

    void forget(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            LOG.warn(
                    "{} can't be deleted: its route has gone, and would come back with a bad file of its name",
                    name,
                    e);
        }
    }

    Set<String> names() {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .forEach(name -> names.add(URLDecoder.decode(name, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.warn("{} can't be read", folder, e);
        }
        return names;
    }

    /** A name may have characters that a file's name may not. */
    private Path file(String name) {
        return folder.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8) + ENDING);
    }
}

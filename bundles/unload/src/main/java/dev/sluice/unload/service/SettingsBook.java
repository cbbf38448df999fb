package dev.sluice.unload.service;

import dev.sluice.conf.InForce;
import dev.sluice.conf.LastGood;
import dev.sluice.conf.SettingsReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is in force of the configuration, and on the disk too: neither a mistake in it nor its absence changes anything, over a
 * restart either. Its monitor has one write at a time; any thread may ask.
 */
final class SettingsBook {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsBook.class);

    // Guarded by this.
    private final InForce inForce;

    // Each is replaced as a whole by the thread that writes.
    private volatile Settings settings = Settings.DEFAULT;
    private volatile List<String> alarms = List.of();

    /**
     * @param dataDirectory where what is in force is kept; nowhere, if there is none
     */
    SettingsBook(Path dataDirectory) {
        this.inForce = new InForce(
                Settings.KEYS,
                new LastGood(
                        dataDirectory.resolve("settings"), "unload's configuration", "the defaults would be in force"));
    }

    synchronized void take(UnloadConfiguration written, Map<String, ?> properties) {
        SettingsReader reader = inForce.reader(properties);
        settings = Settings.read(written, reader);
        Map<String, String> changed = inForce.keep(reader);
        if (!changed.isEmpty()) {
            LOG.info("In force now: {}", changed);
        }
        tell(reader.alarms());
    }

    private void tell(Iterable<String> ofReader) {
        TreeSet<String> sentences = new TreeSet<>();
        ofReader.forEach(sentences::add);
        Optional<String> unsaved = inForce.unsaved();
        unsaved.ifPresent(sentences::add);
        sentences.stream().filter(sentence -> !alarms.contains(sentence)).forEach(LOG::warn);
        alarms = List.copyOf(sentences);
    }

    Settings settings() {
        return settings;
    }

    List<String> alarms() {
        return alarms;
    }
}

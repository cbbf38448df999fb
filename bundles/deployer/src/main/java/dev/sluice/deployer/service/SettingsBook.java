package dev.sluice.deployer.service;

import dev.sluice.conf.LastGood;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * What is in force of the configuration, and on the disk too: a mistake in it changes nothing, over a restart either. One
 * thread writes; any may ask.
 */
final class SettingsBook {

    private final LastGood lastGood;

    // Each is replaced as a whole by the thread that writes.
    private volatile Map<String, String> inForce;
    private volatile Settings settings = Settings.DEFAULT;
    private volatile Set<String> alarms = Set.of();

    /** @param dataDirectory where what is in force is kept */
    SettingsBook(Path dataDirectory) {
        this.lastGood = new LastGood(
                dataDirectory.resolve("settings"), "deployer's configuration", "nothing new would be let in");
        this.inForce = lastGood.load(Settings.PID).orElse(Map.of());
    }

    void take(DeployerConfiguration written, Map<String, ?> properties) {
        SettingsReader reader = new SettingsReader(properties, inForce);
        Settings read = Settings.read(written, reader);
        inForce = reader.inForce();
        // First on the disk: no file is let in by a rule that a restart wouldn't know of.
        lastGood.save(Settings.PID, inForce);
        alarms = reader.alarms();
        settings = read;
    }

    Settings settings() {
        return settings;
    }

    Set<String> alarms() {
        return alarms;
    }
}

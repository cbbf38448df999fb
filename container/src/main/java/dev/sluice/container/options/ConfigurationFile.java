package dev.sluice.container.options;

import dev.sluice.container.StartFailure;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entries of {@code <home>/conf/dev.sluice.container.cfg}.
 *
 * @param path the file
 * @param entries its entries; none if it doesn't exist
 */
record ConfigurationFile(Path path, Map<String, String> entries) {

    static final String NAME = "dev.sluice.container.cfg";

    static ConfigurationFile none() {
        return new ConfigurationFile(Path.of(NAME), Map.of());
    }

    static ConfigurationFile read(Path path, Set<String> knownKeys) throws StartFailure {
        if (!Files.exists(path)) {
            return new ConfigurationFile(path, Map.of());
        }
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(path)) {
            properties.load(text);
        } catch (IOException | IllegalArgumentException e) {
            throw StartFailure.usage(path + " can't be read: " + e.getMessage());
        }
        Map<String, String> entries = new TreeMap<>();
        properties.forEach((key, value) -> entries.put((String) key, ((String) value).trim()));
        for (String key : entries.keySet()) {
            if (!knownKeys.contains(key)) {
                throw StartFailure.usage("'" + key + "' in " + path + " is no entry of this file"
                        + Meant.hint(key, knownKeys)
                        + (Meant.hint(key, knownKeys).isEmpty() ? ":" : "")
                        + " It knows " + String.join(", ", knownKeys));
            }
        }
        return new ConfigurationFile(path, entries);
    }

    Optional<String> value(String key) {
        return Optional.ofNullable(entries.get(key)).filter(value -> !value.isEmpty());
    }
}

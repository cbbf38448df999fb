package dev.sluice.conf;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is in force of a configuration that has one file, and on the disk too: neither a mistake in it nor its absence changes
 * anything, over a restart either. Used by one thread at a time.
 */
public final class InForce {

    private final SettingsKeys keys;
    private final LastGood lastGood;
    private Map<String, String> known;

    /**
     * Knows what was in force last.
     *
     * @param keys the keys that there are
     * @param lastGood where it is kept
     */
    public InForce(SettingsKeys keys, LastGood lastGood) {
        this.keys = keys;
        this.lastGood = lastGood;
        this.known = lastGood.load(keys.pid()).orElse(Map.of());
    }

    /** {@return whether nobody knows what was in force} */
    public boolean isUnknown() {
        return known.isEmpty();
    }

    /** {@return a reader of the configuration as it is now} */
    public SettingsReader reader(Map<String, ?> properties) {
        return new SettingsReader(keys, properties, known);
    }

    /**
     * Keeps what is in force by what was read; to be called before anything is done by it, so that a restart knows of it.
     *
     * @return the keys by which something else is in force than before, with what that is; none if nobody knows what was
     */
    public Map<String, String> keep(SettingsReader read) {
        Map<String, String> changed = new TreeMap<>(read.inForce());
        changed.keySet().removeIf(key -> !keys.isKey(key));
        changed.entrySet().removeAll(known.entrySet());
        known.keySet().stream()
                .filter(key -> keys.isOfFamily(key) && !read.inForce().containsKey(key))
                .forEach(key -> changed.put(key, ""));
        if (known.isEmpty()) {
            changed.clear();
        }
        known = read.inForce();
        lastGood.save(keys.pid(), known);
        return changed;
    }
}

package dev.sluice.conf;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is in force of a configuration that has one file, and on the disk too: neither a mistake in it nor its absence changes
 * anything, over a restart either. Defaults that nobody has written aren't known: a first file with a mistake may ask for more.
 * Used by one thread at a time.
 */
public final class InForce {

    private final SettingsKeys keys;
    private final LastGood lastGood;
    private Map<String, String> known;

    /** What was in force last, if only by default. */
    private Map<String, String> told;

    private boolean saved = true;

    /**
     * Knows what was in force last.
     *
     * @param keys the keys that there are
     * @param lastGood where it is kept
     */
    public InForce(SettingsKeys keys, LastGood lastGood) {
        this.keys = keys;
        this.lastGood = lastGood;
        this.known = lastGood.load(keys.pid())
                // Something else was in force later: it may have asked for more.
                .or(() -> lastGood.outdated(keys.pid()).map(SettingsReader::doubting))
                .filter(InForce::isWritten)
                .orElse(Map.of());
        this.told = known;
    }

    private static boolean isWritten(Map<String, String> texts) {
        return texts.containsKey(SettingsReader.ORIGIN);
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
        changed.entrySet().removeAll(told.entrySet());
        told.keySet().stream()
                .filter(key -> keys.isOfFamily(key) && !read.inForce().containsKey(key))
                .forEach(key -> changed.put(key, ""));
        if (told.isEmpty()) {
            changed.clear();
        }
        told = read.inForce();
        if (isWritten(told)) {
            known = told;
            saved = lastGood.save(keys.pid(), known);
        } else if (!known.isEmpty()) {
            known = Map.of();
            lastGood.forget(keys.pid());
            saved = true;
        }
        return changed;
    }

    /** {@return whether what couldn't be kept is kept now} */
    public boolean saveAgain() {
        if (saved) {
            return false;
        }
        saved = lastGood.save(keys.pid(), known);
        return saved;
    }

    /** {@return what an operator has to do so that a restart will know what is in force; empty if it will} */
    public Optional<String> unsaved() {
        return saved
                ? Optional.empty()
                : Optional.of("What " + keys.file() + " says is in force, but can't be kept in data/settings/. After a"
                        + " restart it isn't known, should the file be away or have a mistake in it. Make room on the"
                        + " disk, and see that the folder can be written to; what is wrong stands in the log.");
    }
}

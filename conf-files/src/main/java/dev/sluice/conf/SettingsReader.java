package dev.sluice.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a configuration, once. Of a value that isn't allowed what was in force before stays; so does what a key that doesn't
 * exist may mean, as nobody has taken it back, and all that a file said that is gone. Where that is a rule, and what was in
 * force isn't known, none is guessed: what the keys say of that comes of it, until there is a file of which all rules are known.
 */
public final class SettingsReader {

    /** What every configuration has that was written, and the defaults haven't. */
    private static final String WRITTEN = "service.pid";

    /** Among what is in force: it was written in this file. No key that an operator may write. */
    static final String ORIGIN = ".file";

    /** Among what is in force: rules may have been meant that nobody knows. No key that an operator may write. */
    private static final String DOUBT = ".doubt";

    private final SettingsKeys keys;
    private final String file;
    private final boolean written;
    private final boolean gone;
    private final boolean doubted;
    private final UnknownKeys unknown;
    private final Map<String, String> before;
    private final Map<String, String> inForce = new TreeMap<>();
    private final Set<String> alarms = new TreeSet<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private boolean misspeltRule;
    private boolean refusedRule;

    /**
     * Begins to read.
     *
     * @param keys the keys that there are
     * @param properties the whole configuration, for the keys that don't exist
     * @param before what was in force, by the keys; what is missing isn't known
     */
    public SettingsReader(SettingsKeys keys, Map<String, ?> properties, Map<String, String> before) {
        this.keys = keys;
        this.written = isWritten(properties);
        // A file that is away may be on its way back, and who takes it away need not mean what was asked in it.
        this.gone = !written && (before.containsKey(ORIGIN) || OneFile.isInstance(properties));
        this.file = gone ? before.getOrDefault(ORIGIN, keys.file()) : Origin.of(properties, keys.pid());
        this.doubted = before.containsKey(DOUBT);
        this.unknown = UnknownKeys.of(keys, gone ? Map.of() : properties);
        this.before = before;
    }

    /** {@return whether a configuration is one, and neither the defaults alone nor an instance, which nobody has asked for} */
    public static boolean isWritten(Map<String, ?> properties) {
        return properties.containsKey(WRITTEN) && !OneFile.isInstance(properties);
    }

    /** {@return what was in force, if rules may have been in force beside it, or stricter ones, that nobody knows} */
    static Map<String, String> doubting(Map<String, String> before) {
        Map<String, String> doubted = new TreeMap<>(before);
        doubted.put(DOUBT, "true");
        return doubted;
    }

    /**
     * Reads one key.
     *
     * @param text what is written, or the default
     * @param standard the default
     * @return what is in force from now on
     */
    public <T> T value(String key, String text, T standard, Syntax<T> syntax) {
        Optional<T> known = before(key, standard, syntax);
        if (gone) {
            // What isn't known doesn't become known by that nobody writes it.
            known.ifPresent(value -> asItWas(key, syntax.format().apply(value), !value.equals(standard)));
            return known.orElse(standard);
        }
        T written;
        try {
            written = syntax.parse().apply(text.strip());
        } catch (IllegalArgumentException e) {
            refused(key, text, e.getMessage(), standard, known, syntax);
            known.ifPresent(value -> inForce.put(key, syntax.format().apply(value)));
            return known.orElse(standard);
        }
        if (!unknown.mayMean(key)) {
            inForce.put(key, syntax.format().apply(written));
            return written;
        }
        misspeltRule |= keys.isRule(key) && (doubted || known.isEmpty()) && unknown.mayMeanRule();
        if (known.isEmpty()) {
            inForce.put(key, syntax.format().apply(written));
            return written;
        }
        // Declarative Services adds the default of a key that isn't written, so the two can't be told apart.
        T value = written.equals(standard) ? known.get() : syntax.stricter().apply(known.get(), written);
        asItWas(key, syntax.format().apply(value), !value.equals(written));
        return value;
    }

    /**
     * Reads the keys that operators have completed.
     *
     * @param written what is written of them, by the keys
     * @return what is in force from now on, by the keys
     */
    public Map<String, String> family(Map<String, String> written) {
        Map<String, String> read = new TreeMap<>(gone ? Map.of() : written);
        before.forEach((key, value) -> {
            if (keys.isOfFamily(key) && !read.containsKey(key) && (gone || unknown.mayMean(key))) {
                read.put(key, value);
                asItWas(key, value, true);
            }
        });
        inForce.putAll(read);
        return read;
    }

    private void asItWas(String key, String value, boolean isWorthTelling) {
        inForce.put(key, value);
        if (isWorthTelling) {
            kept.add(key + "=" + value);
        }
    }

    /** The default of a rule beside a misspelt key is what nobody has said. */
    private <T> Optional<T> before(String key, T standard, Syntax<T> syntax) {
        try {
            return Optional.ofNullable(before.get(key))
                    .map(syntax.parse())
                    .filter(value -> !(doubted && keys.isRule(key) && value.equals(standard)));
        } catch (IllegalArgumentException e) {
            // Somebody else wrote it, or another release.
            return Optional.empty();
        }
    }

    private <T> void refused(String key, String text, String allowed, T standard, Optional<T> known, Syntax<T> syntax) {
        String fault = "In " + file + " " + key + "=" + text + " is not allowed: " + allowed;
        String remedy = Nearest.of(text.strip(), syntax.words())
                .map(word -> "Write " + key + "=" + word + ", if that is meant.")
                .orElse("Mend it.");
        if (keys.isRule(key) && (doubted || known.isEmpty())) {
            refusedRule = true;
            unread.add(fault + ". " + remedy);
            alarms.add(fault + "; what was in force before isn't known, so " + keys.lock() + ". " + remedy);
        } else {
            alarms.add(fault + "; "
                    + known.map(value -> syntax.format().apply(value) + " stays in force. ")
                            .orElseGet(() -> "the default " + syntax.format().apply(standard) + " is in force. ")
                    + remedy);
        }
    }

    /** All has been read. */
    public void end() {
        boolean stays = gone && (doubted || !kept.isEmpty());
        if (written || stays) {
            inForce.put(ORIGIN, file);
        }
        if (misspeltRule || refusedRule || gone && doubted) {
            inForce.put(DOUBT, "true");
        }
        if (stays) {
            missed();
        }
        if (unknown.isEmpty()) {
            return;
        }
        String fault = "In " + file + " " + unknown.sentence();
        if (misspeltRule) {
            unread.add(fault + " " + unknown.remedy());
        }
        alarms.add(fault
                + (kept.isEmpty()
                        ? ""
                        : " As they may be meant, these stay in force as before: " + String.join(", ", kept) + ".")
                + (misspeltRule
                        ? " As a rule may be meant, and what was in force before isn't known, " + keys.lock() + "."
                        : "")
                + " " + unknown.remedy());
    }

    /** Its file is gone, and that takes nothing back: neither what it said, nor that there was more that nobody knows. */
    private void missed() {
        String right = file.startsWith("conf/") ? file : keys.file();
        String stay = kept.isEmpty() ? "" : " What it said stays in force: " + String.join(", ", kept) + ".";
        if (!doubted) {
            alarms.add("There is no " + right + " any more that can be read." + stay
                    + " Put it back; or put an empty file there, to have the defaults.");
            return;
        }
        String remedy = "Put it back without mistakes; or put an empty file there, to have the defaults.";
        unread.add("There is no " + right + " any more that can be read, and it isn't known which rules it asked for."
                + " " + remedy);
        alarms.add("There is no " + right + " any more that can be read." + stay
                + " As it had a mistake in it that may be a rule, or couldn't be kept, it isn't known which rules it asked"
                + " for, so " + keys.lock() + ". " + remedy);
    }

    /** {@return what is wrong with rules that nobody knows because of it, with what to do; empty if all rules are known} */
    public Optional<String> unread() {
        // Without the full stop, which those add who show it.
        return unread.isEmpty()
                ? Optional.empty()
                : Optional.of(String.join(" ", unread).replaceAll("\\.$", ""));
    }

    /** {@return what is in force, by the keys, as far as it is known} */
    public Map<String, String> inForce() {
        return Map.copyOf(inForce);
    }

    /** {@return what an operator has to mend, and what comes of it} */
    public Set<String> alarms() {
        return Set.copyOf(alarms);
    }
}

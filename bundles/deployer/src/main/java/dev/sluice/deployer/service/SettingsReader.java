package dev.sluice.deployer.service;

import dev.sluice.conf.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a configuration, once. Of a value that isn't allowed what was in force before stays; so does what a key that doesn't
 * exist may mean, as nobody has taken it back, and all that a file said that is gone. Where that is a rule, and what was in force isn't known, none is guessed:
 * nothing new is let in.
 */
final class SettingsReader {

    static final String NOTHING_NEW = "nothing new is let in, as it isn't known by which rules: ";

    private static final String FILE = "felix.fileinstall.filename";

    /** What every configuration has that was written, and the defaults haven't. */
    private static final String WRITTEN = "service.pid";

    /** Among what is in force: it was written in this file. No key that an operator may write. */
    private static final String ORIGIN = ".file";

    private final String file;
    private final boolean written;
    private final boolean gone;
    private final UnknownKeys unknown;
    private final Map<String, String> before;
    private final Map<String, String> inForce = new TreeMap<>();
    private final Set<String> alarms = new TreeSet<>();
    private final List<String> kept = new ArrayList<>();
    private final List<String> unread = new ArrayList<>();
    private boolean misspeltRule;

    /**
     * @param properties the whole configuration, for the keys that don't exist
     * @param before what was in force, by the keys; what is missing isn't known
     */
    SettingsReader(Map<String, ?> properties, Map<String, String> before) {
        this.written = isWritten(properties);
        // A file that is away may be on its way back, and who takes it away need not mean what was asked in it.
        this.gone = !written && before.containsKey(ORIGIN);
        this.file = gone ? before.get(ORIGIN) : file(properties);
        this.unknown = UnknownKeys.of(properties);
        this.before = before;
    }

    /** {@return whether a configuration is one, and not the defaults alone} */
    static boolean isWritten(Map<String, ?> properties) {
        return properties.containsKey(WRITTEN);
    }

    private static String file(Map<String, ?> properties) {
        Object url = properties.get(FILE);
        return "conf/"
                + (url == null
                        ? Settings.PID + ".cfg"
                        : url.toString().substring(url.toString().lastIndexOf('/') + 1));
    }

    /**
     * @param text what is written, or the default
     * @param standard the default
     * @return what is in force from now on
     */
    <T> T value(String key, String text, T standard, Syntax<T> syntax) {
        Optional<T> known = before(key, syntax);
        if (gone) {
            return asItWas(key, known.orElse(standard), standard, syntax);
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
        if (known.isEmpty()) {
            // Not kept: what is meant isn't known at the next start either.
            misspeltRule |= UnknownKeys.isRule(key);
            return written;
        }
        // Declarative Services adds the default of a key that isn't written, so the two can't be told apart.
        T value = written.equals(standard) ? known.get() : syntax.stricter().apply(known.get(), written);
        inForce.put(key, syntax.format().apply(value));
        if (!value.equals(written)) {
            kept.add(key + "=" + syntax.format().apply(value));
        }
        return value;
    }

    private <T> T asItWas(String key, T value, T standard, Syntax<T> syntax) {
        inForce.put(key, syntax.format().apply(value));
        if (!value.equals(standard)) {
            kept.add(key + "=" + syntax.format().apply(value));
        }
        return value;
    }

    private <T> Optional<T> before(String key, Syntax<T> syntax) {
        try {
            return Optional.ofNullable(before.get(key)).map(syntax.parse());
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
        if (known.isEmpty() && UnknownKeys.isRule(key)) {
            unread.add(fault + ". " + remedy);
            alarms.add(fault + "; what was in force before isn't known, so nothing new is let in. " + remedy);
        } else {
            alarms.add(fault + "; "
                    + known.map(value -> syntax.format().apply(value) + " stays in force. ")
                            .orElseGet(() -> "the default " + syntax.format().apply(standard) + " is in force. ")
                    + remedy);
        }
    }

    /** All has been read. */
    void end() {
        if (written || gone && !kept.isEmpty()) {
            inForce.put(ORIGIN, file);
        }
        if (gone && !kept.isEmpty()) {
            alarms.add("There is no " + file + " any more that can be read. What it said stays in force: "
                    + String.join(", ", kept) + ". Put it back; or put an empty file there, to have the defaults.");
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
                        ? " As a rule may be meant, and what was in force before isn't known, nothing new is let in."
                        : "")
                + " " + unknown.remedy());
    }

    /** {@return why nothing new may be let in; empty if all rules are known} */
    Optional<String> unread() {
        // Without the full stop, which those add who show it.
        return unread.isEmpty()
                ? Optional.empty()
                : Optional.of(NOTHING_NEW + String.join(" ", unread).replaceAll("\\.$", ""));
    }

    /** {@return what is in force, by the keys, as far as it is known} */
    Map<String, String> inForce() {
        return Map.copyOf(inForce);
    }

    /** {@return what an operator has to mend, and what comes of it} */
    Set<String> alarms() {
        return Set.copyOf(alarms);
    }
}

package dev.sluice.conf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The keys of a configuration that has one file.
 *
 * @param pid its PID
 * @param all the keys, in alphabetical order
 * @param rule what the keys begin with that ask for protection: what may be meant for one of them loosens none
 * @param family a key that operators complete themselves, with the part that they write in angle brackets; empty if there is none
 * @param foreign keys that nobody has written, beside those of ConfigurationAdmin, Declarative Services and File Install
 * @param wide whether rules stay as they were for whatever is misspelt; else, as that would cost too much, only for what isn't
 *     nearer to another key
 * @param lock what comes of it if a rule isn't known
 */
public record SettingsKeys(
        String pid,
        List<String> all,
        String rule,
        Optional<String> family,
        Set<String> foreign,
        boolean wide,
        String lock) {

    /** What Configuration Admin, Declarative Services and File Install add of their own. */
    private static final List<String> NOT_WRITTEN =
            List.of(".", "service.", "component.", "osgi.ds.", "felix.fileinstall.");

    /** What no key begins with. */
    private static final String NO_RULE = " ";

    /** {@return the keys of a configuration that asks for no protection: none of them is a rule} */
    public static SettingsKeys withoutRules(String pid, List<String> all) {
        return new SettingsKeys(pid, all, NO_RULE, Optional.empty(), Set.of(), false, "");
    }

    /** Keeps its own copies. */
    public SettingsKeys {
        all = all.stream().sorted().toList();
        foreign = Set.copyOf(foreign);
    }

    /** {@return the keys of a definition: a key's name is made from the method's as Declarative Services does it} */
    public static List<String> of(Class<?> definition) {
        return Arrays.stream(definition.getDeclaredMethods())
                .map(method -> method.getName().replace('_', '.'))
                .toList();
    }

    /** {@return whether a key is that of a rule} */
    boolean isRule(String key) {
        return key.startsWith(rule);
    }

    /** {@return whether there is such a key} */
    boolean isKey(String key) {
        return all.contains(key) || key.length() > ofFamily().length() && isOfFamily(key);
    }

    /** {@return whether a key is one that operators have completed} */
    boolean isOfFamily(String key) {
        return family.isPresent() && key.startsWith(ofFamily());
    }

    private String ofFamily() {
        return family.map(key -> key.substring(0, key.indexOf('<'))).orElse("");
    }

    /** {@return whether somebody has written a key} */
    boolean isWritten(String key) {
        return !foreign.contains(key) && NOT_WRITTEN.stream().noneMatch(key::startsWith);
    }

    /** {@return the keys as an operator is told of them} */
    List<String> shown() {
        return Stream.concat(all.stream(), family.stream()).sorted().toList();
    }

    /** {@return the file, as operators call it} */
    String file() {
        return "conf/" + pid + ".cfg";
    }
}

package dev.sluice.deployer.descriptor;

import dev.sluice.deployer.explain.Nearest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.osgi.framework.Version;

/** Reads a {@code release.json}, and finds all that is wrong with it. For one reading. */
public final class DescriptorReader {

    private static final Set<String> KEYS = Set.of("name", "version", "bundles", "traffic");
    private static final Set<String> BUNDLE_KEYS = Set.of("file", "sha256");
    private static final Set<String> RULE_KEYS =
            Set.of("middleware", "bundle", "weights", "sticky", "canary", "canary.header");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+@~() -]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("[0-9A-Fa-f]{64}");

    private final Function<Map<String, String>, List<String>> ruleFaults;
    private final List<String> faults = new ArrayList<>();

    /** @param ruleFaults what is wrong with a traffic rule */
    public DescriptorReader(Function<Map<String, String>, List<String>> ruleFaults) {
        this.ruleFaults = ruleFaults;
    }

    /** {@return what was found to be wrong, as sentences without a beginning capital} */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** {@return what a text says; it counts only if there are no {@link #faults}} */
    public Descriptor read(String text) {
        Object json;
        try {
            json = Json.read(text, faults::add);
        } catch (IOException e) {
            faults.add("it isn't JSON: " + e.getMessage());
            return Descriptor.NONE;
        }
        if (!(json instanceof Map<?, ?> object)) {
            faults.add("it is " + Json.kind(json) + ", and must be an object, as {\"name\": \"shop\"}");
            return Descriptor.NONE;
        }
        checkKeys(object, KEYS, "");
        return new Descriptor(name(object), version(object), digests(object), traffic(object));
    }

    private void checkKeys(Map<?, ?> object, Set<String> known, String at) {
        for (Object key : object.keySet()) {
            if (!known.contains(key)) {
                faults.add("\"" + key + "\"" + at + " is no key: "
                        + Nearest.to((String) key, known)
                                .map(meant -> "\"" + meant + "\" is probably meant")
                                .orElseGet(() -> "there are " + String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    private Optional<String> name(Map<?, ?> object) {
        Optional<String> name = text(object, "name", "").map(String::strip);
        name.filter(given -> !NAME.matcher(given).matches())
                .ifPresent(given -> faults.add("the name \"" + given
                        + "\" isn't one: up to 128 letters, digits, spaces and" + " _.+@~()-, as shop"));
        return name;
    }

    private Optional<String> version(Map<?, ?> object) {
        return text(object, "version", "").map(String::strip).map(given -> {
            try {
                if (!given.isEmpty()) {
                    return Version.parseVersion(given).toString();
                }
            } catch (IllegalArgumentException e) {
                // Said below.
            }
            faults.add("the version \"" + given
                    + "\" isn't one: up to three numbers and a qualifier, as 1.2.3 or 1.2.3.final");
            return given;
        });
    }

    private Optional<Map<String, String>> digests(Map<?, ?> object) {
        Optional<List<?>> bundles = list(object, "bundles");
        if (bundles.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> digests = new LinkedHashMap<>();
        int number = 0;
        for (Object one : bundles.get()) {
            String at = "bundles[" + number++ + "]";
            if (!(one instanceof Map<?, ?> bundle)) {
                faults.add(at + " is " + Json.kind(one)
                        + ", and must be an object, as {\"file\": \"greeting.jar\", \"sha256\": \"…\"}");
                continue;
            }
            checkKeys(bundle, BUNDLE_KEYS, " in " + at);
            Optional<String> file = needed(bundle, "file", at);
            Optional<String> digest = needed(bundle, "sha256", at);
            digest.filter(given -> !DIGEST.matcher(given).matches())
                    .ifPresent(given -> faults.add("the sha256 in " + at + " is \"" + given
                            + "\", and must have 64 hexadecimal digits, as sha256sum prints them"));
            if (file.isPresent() && digests.put(file.get(), digest.orElse("").toLowerCase(Locale.ROOT)) != null) {
                faults.add("\"" + file.get() + "\" is there twice in bundles");
            }
        }
        return Optional.of(digests);
    }

    private List<Map<String, String>> traffic(Map<?, ?> object) {
        List<Map<String, String>> rules = new ArrayList<>();
        Map<String, String> subjects = new TreeMap<>();
        int number = 0;
        for (Object one : list(object, "traffic").orElse(List.of())) {
            String at = "traffic[" + number++ + "]";
            if (!(one instanceof Map<?, ?> given)) {
                faults.add(
                        at + " is " + Json.kind(one)
                                + ", and must be an object, as {\"middleware\": \"greeting\", \"weights\": \"1.0.0=80, 2.0.0=20\"}");
                continue;
            }
            int before = faults.size();
            checkKeys(given, RULE_KEYS, " in " + at);
            Map<String, String> rule = new TreeMap<>();
            RULE_KEYS.stream().sorted().forEach(key -> text(given, key, " in " + at)
                    .ifPresent(text -> rule.put(key, text)));
            if (faults.size() == before) {
                ruleFaults.apply(rule).forEach(fault -> faults.add(at + ": " + fault));
            }
            String subject = rule.containsKey("bundle")
                    ? "bundle " + rule.get("bundle")
                    : "middleware " + rule.get("middleware");
            String other = subjects.putIfAbsent(subject, at);
            if (other != null) {
                faults.add(at + " is for " + subject + ", as " + other + " is: write one rule for each");
            }
            rules.add(rule);
        }
        return rules;
    }

    private Optional<List<?>> list(Map<?, ?> object, String key) {
        Object value = object.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof List<?> list) {
            return Optional.of(list);
        }
        faults.add("\"" + key + "\" is " + Json.kind(value) + ", and must be a list");
        return Optional.empty();
    }

    private Optional<String> needed(Map<?, ?> object, String key, String at) {
        if (!object.containsKey(key)) {
            faults.add(at + " has no \"" + key + "\"");
        }
        return text(object, key, " in " + at);
    }

    private Optional<String> text(Map<?, ?> object, String key, String at) {
        Object value = object.get(key);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        faults.add("\"" + key + "\"" + at + " is " + Json.kind(value) + ", and must be a text in quotation marks");
        return Optional.empty();
    }
}

package dev.sluice.chain.conf;

import dev.sluice.chain.Sticky;
import dev.sluice.chain.split.Canary;
import dev.sluice.chain.split.Option;
import dev.sluice.chain.split.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/** One reading of a traffic rule, an operator's or a release's. It is taken whole or not at all. */
public final class TrafficReading {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern WEIGHT = Pattern.compile("\\d{1,9}");

    private final Written written;
    private final Faults faults = new Faults();
    private final Rule rule;

    /**
     * Reads it.
     *
     * @param properties what is written, with what ConfigurationAdmin and File Install put beside it
     */
    public TrafficReading(Map<String, ?> properties) {
        this.written = new Written(Map.<String, Object>copyOf(properties), TrafficConfiguration.class);
        written.strange().forEach(faults::add);
        Rule.Subject subject = subject();
        List<Option> weights = weights();
        Optional<Sticky> sticky = faults.value("sticky: ", written.text("sticky"), Sticky::parse);
        this.rule = new Rule(subject, weights, sticky.orElse(Sticky.NONE), canary());
    }

    /** {@return what is wrong with it, as sentences; none if it can be taken} */
    public List<String> faults() {
        return faults.all();
    }

    /** {@return what it says; empty if there are faults} */
    public Optional<Rule> rule() {
        return faults.all().isEmpty() ? Optional.of(rule) : Optional.empty();
    }

    /** {@return what it is for, as far as that can be told} */
    Rule.Subject about() {
        return rule.subject();
    }

    /** {@return what is written, as texts} */
    Map<String, String> texts() {
        return written.texts();
    }

    /** {@return a rule as it would be written} */
    static Map<String, String> texts(Rule rule) {
        Map<String, String> texts = new HashMap<>();
        texts.put(
                rule.subject().byBundle() ? "bundle" : "middleware",
                rule.subject().name());
        texts.put("weights", weights(rule));
        texts.put("sticky", rule.sticky().toString());
        rule.canary().ifPresent(canary -> {
            texts.put("canary", canary.identity());
            texts.put("canary.header", canary.header());
        });
        return texts;
    }

    static String weights(Rule rule) {
        return rule.weights().stream()
                .map(option -> option.identity() + "=" + option.weight())
                .collect(Collectors.joining(", "));
    }

    private Rule.Subject subject() {
        String middleware = written.text("middleware").trim();
        String bundle = written.text("bundle").trim();
        if (middleware.isEmpty() == bundle.isEmpty()) {
            faults.add(
                    middleware.isEmpty()
                            ? "it doesn't say what it is for; add the line middleware=<name>, or bundle=<symbolic name>"
                            : "it is for middleware=" + middleware + " and for bundle=" + bundle
                                    + "; write a file for each");
        }
        boolean byBundle = middleware.isEmpty();
        String name = byBundle ? bundle : middleware;
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            faults.add("\"" + name + "\" is no name of a " + (byBundle ? "bundle" : "middleware")
                    + ": that has letters, digits, \".\", \"-\" and \"_\"");
        }
        return new Rule.Subject(byBundle, name);
    }

    private List<Option> weights() {
        String text = written.text("weights").trim();
        if (text.isEmpty()) {
            faults.add("it has no weights; add a line as weights=1.0.0=80, 2.0.0=20");
            return List.of();
        }
        List<Option> weights = new ArrayList<>();
        int before = faults.all().size();
        for (String part : text.split(",", -1)) {
            faults.value("weights: ", part.isBlank() ? "an empty part" : part, TrafficReading::weight)
                    .ifPresent(weight -> add(weight, weights));
        }
        if (before == faults.all().size() && weights.stream().allMatch(option -> option.weight() == 0)) {
            faults.add(
                    "weights: the sum of \"" + text + "\" is 0, so nobody would get a request; give one version more");
        }
        return weights;
    }

    private void add(Option weight, List<Option> weights) {
        if (weights.stream().anyMatch(other -> other.identity().equals(weight.identity()))) {
            faults.add("weights: " + weight.identity() + " is there twice");
        }
        weights.add(weight);
    }

    private static Option weight(String part) {
        String[] sides = part.split("=", -1);
        if (sides.length != 2) {
            throw new IllegalArgumentException(
                    "\"" + part + "\" is no version and weight; write it as 1.0.0=80, with a comma to the next");
        }
        String weight = sides[1].trim();
        if (!WEIGHT.matcher(weight).matches()) {
            throw new IllegalArgumentException(
                    "the weight \"" + weight + "\" of " + sides[0].trim()
                            + " is no whole number from 0 to 999999999; weights are parts of their sum, so 80 and 20 are 4 and 1");
        }
        return new Option(version(sides[0]), Integer.parseInt(weight));
    }

    /** In the one form that a version has. */
    private static String version(String text) {
        String trimmed = text.trim();
        try {
            if (!trimmed.isEmpty()) {
                return Version.parseVersion(trimmed).toString();
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException("\"" + trimmed
                + "\" is no version; it has up to three numbers and a qualifier, as 1.0.0 or 1.2.0.beta");
    }

    private Optional<Canary> canary() {
        String header = written.text("canary.header").trim();
        String version = written.text("canary").trim();
        if (version.isEmpty()) {
            if (!header.isEmpty()) {
                faults.add("canary.header: without a canary nobody can ask for it; add the line canary=<version>");
            }
            return Optional.empty();
        }
        if (header.isEmpty()) {
            faults.add("canary: nobody can ask for it; add the line canary.header=X-Canary");
        } else if (!HEADER.matcher(header).matches()) {
            faults.add("canary.header: \"" + header + "\" is no name of a header");
        }
        return faults.value("canary: ", version, TrafficReading::version).map(known -> new Canary(known, header));
    }
}

package dev.sluice.deployer.rollout.policy;

import dev.sluice.conf.Durations;
import dev.sluice.conf.Nearest;
import dev.sluice.deployer.rollout.judge.SlowTolerance;
import dev.sluice.deployer.rollout.judge.Tolerance;
import dev.sluice.deployer.rollout.judge.Tolerances;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Makes a policy of what an operator wrote, or says all that is wrong with it. Used once, by one thread. */
public final class PolicyReader {

    /** A token of RFC 9110, which the names of header fields and cookies are. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");
    private static final Map<String, Boolean> SWITCH = Map.of("on", true, "off", false);

    private final Map<String, String> texts;
    private final List<String> faults = new ArrayList<>();

    private PolicyReader(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * Reads a policy.
     *
     * @param properties a configuration's
     * @return the policy, or what is wrong
     */
    public static PolicyReading read(Map<String, ?> properties) {
        return new PolicyReader(PolicyKeys.texts(properties)).read();
    }

    private PolicyReading read() {
        faults.addAll(PolicyKeys.faults(texts.keySet()));
        Optional<Subject> subject = subject();
        List<Integer> steps = value("steps", "100", PolicyReader::steps, List.of(RolloutPolicy.WHOLE));
        Duration stepTime = value("step.time", "1m", Durations::parse, Duration.ZERO);
        long requests = value("step.requests", "500", text -> whole(text, 1, 100_000_000), 1L);
        Tolerances tolerances = tolerances();
        double confidence = value("confidence", "99.9", text -> percent(text, 90, 99.999999), 0.9);
        Duration bake = value("bake", "30s", Durations::parse, Duration.ZERO);
        String sticky = value("sticky", "none", PolicyReader::sticky, "none");
        return faults.isEmpty() && subject.isPresent()
                ? new PolicyReading.Good(new RolloutPolicy(
                        subject.get(), steps, stepTime, requests, tolerances, confidence, bake, sticky, texts))
                : new PolicyReading.Bad(List.copyOf(faults), subject);
    }

    private Optional<Subject> subject() {
        String middleware = texts.get("middleware");
        String bundle = texts.get("bundle");
        if ((middleware == null) == (bundle == null)) {
            faults.add(
                    middleware == null
                            ? "it doesn't say what it is for: add a line middleware=<name>, middleware=* or bundle=<symbolic name>"
                            : "it has both middleware and bundle: take one of them out");
            return Optional.empty();
        }
        if (bundle != null) {
            return Optional.of(new Subject(Subject.Kind.BUNDLE, bundle));
        }
        return Optional.of(middleware.equals("*") ? Subject.ALL : new Subject(Subject.Kind.MIDDLEWARE, middleware));
    }

    private Tolerances tolerances() {
        Optional<Tolerance> failures = rate("gate.failures", "0.5");
        Optional<Tolerance> errors = rate("gate.errors", "1");
        double margin = value("gate.latency.margin", "1.25", text -> number(text, 1, 1000), 1.0);
        Duration floor = value("gate.latency.floor", "5ms", Durations::parse, Duration.ZERO);
        Optional<SlowTolerance> slow = word("gate.latency", "p95", Map.of("p95", 0.95, "p99", 0.99, "off", 0.0))
                .filter(quantile -> quantile > 0)
                .map(quantile -> new SlowTolerance(quantile, margin, floor));
        double outright = value("bake.failures", "5", text -> percent(text, 0.01, 99), 0.01);
        String usualCluster = texts.getOrDefault("sticky", "none").equals("none") ? "1" : "10";
        double cluster = value("step.cluster", usualCluster, text -> number(text, 1, 1000), 1.0);
        Optional<Double> outrightErrors = value("bake.errors", "50", PolicyReader::percentOrOff, Optional.empty());
        return new Tolerances(failures, errors, slow, outright, outrightErrors, cluster);
    }

    private Optional<Tolerance> rate(String gate, String usualFloor) {
        double margin = value(gate + ".margin", "1.5", text -> number(text, 1, 1000), 1.0);
        double floor = value(gate + ".floor", usualFloor, text -> percent(text, 0, 99), 0.0);
        return word(gate, "on", SWITCH).filter(on -> on).map(on -> new Tolerance(margin, floor));
    }

    private <T> T value(String key, String usual, Function<String, T> parse, T insteadOfFault) {
        try {
            return parse.apply(texts.getOrDefault(key, usual));
        } catch (IllegalArgumentException e) {
            faults.add(key + "=" + texts.get(key) + ": " + e.getMessage());
            return insteadOfFault;
        }
    }

    private <T> Optional<T> word(String key, String usual, Map<String, T> words) {
        return value(
                key,
                usual,
                text -> {
                    if (!words.containsKey(text)) {
                        throw new IllegalArgumentException("it is "
                                + String.join(" or ", new TreeMap<>(words).keySet())
                                + Nearest.byLetters(text, words.keySet())
                                        .map(word -> "; \"" + word + "\" is probably meant")
                                        .orElse(""));
                    }
                    return Optional.of(words.get(text));
                },
                Optional.empty());
    }

    private static List<Integer> steps(String text) {
        List<Integer> steps = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            int step = share(part.strip().replaceFirst("\\s*%$", ""));
            if (!steps.isEmpty() && step <= steps.get(steps.size() - 1)) {
                throw new IllegalArgumentException(
                        "each step is more than the one before it, and " + part.strip() + " isn't");
            }
            steps.add(step);
        }
        if (steps.get(steps.size() - 1) != RolloutPolicy.WHOLE) {
            throw new IllegalArgumentException("the last step is 100: is \"" + text + ",100\" meant?");
        }
        return steps;
    }

    /** In hundredths of a percent. */
    private static int share(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no percentage; steps are written as in 1,10,50,100");
        }
        BigDecimal hundredths = new BigDecimal(text).movePointRight(2).stripTrailingZeros();
        if (hundredths.scale() > 0
                || hundredths.signum() == 0
                || hundredths.compareTo(BigDecimal.valueOf(RolloutPolicy.WHOLE)) > 0) {
            throw new IllegalArgumentException(
                    "a step is from 0.01 to 100 percent, with two decimals at the most, and " + text + " isn't");
        }
        return hundredths.intValueExact();
    }

    private static long whole(String text, long least, long most) {
        long number = text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException("it is a whole number from " + least + " to " + most);
        }
        return number;
    }

    /** As a share. */
    private static double percent(String text, double least, double most) {
        String plain = text.replaceFirst("\\s*%$", "");
        number(plain, least, most);
        return new BigDecimal(plain).movePointLeft(2).doubleValue();
    }

    private static Optional<Double> percentOrOff(String text) {
        if (text.equals("off")) {
            return Optional.empty();
        }
        try {
            return Optional.of(percent(text, 0.01, 99));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", or off");
        }
    }

    private static double number(String text, double least, double most) {
        double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!(number >= least && number <= most)) {
            throw new IllegalArgumentException("it is a number from "
                    + BigDecimal.valueOf(least).stripTrailingZeros().toPlainString() + " to "
                    + BigDecimal.valueOf(most).stripTrailingZeros().toPlainString());
        }
        return number;
    }

    private static String sticky(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon).strip();
        String name = colon < 0 ? "" : text.substring(colon + 1).strip();
        boolean named = kind.equals("header") || kind.equals("cookie");
        if (named && TOKEN.matcher(name).matches()) {
            return kind + ":" + name;
        }
        if (colon < 0 && (kind.equals("none") || kind.equals("client-ip"))) {
            return kind;
        }
        throw new IllegalArgumentException("it is header:<name>, cookie:<name>, client-ip or none"
                + Nearest.byLetters(kind, List.of("header", "cookie", "client-ip", "none"))
                        .filter(word -> !word.equals(kind))
                        .map(word -> "; \"" + word + "\" is probably meant")
                        .orElse(""));
    }
}

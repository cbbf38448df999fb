package dev.sluice.proxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Patterns of routes as operators write them: {@code /exact}, {@code /prefix/*}, {@code /*}. */
final class RoutePath {

    /** What no decoded and normalised path has: it never reaches a route. */
    private static final Pattern NEVER = Pattern.compile("//|(^|/)\\.{1,2}(/|$)|[\\\\;\\p{Cntrl}]");

    private RoutePath() {}

    /**
     * Parses patterns.
     *
     * @param text one or more, with commas between them
     * @return them, in their order; {@code /} is {@code /*}
     * @throws IllegalArgumentException if one is none; the message says of each what is wrong with it
     */
    static List<String> parse(String text) {
        List<String> paths = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            try {
                String path = one(one.trim());
                if (paths.contains(path)) {
                    throw new IllegalArgumentException(path + " stands there twice");
                }
                paths.add(path);
            } catch (IllegalArgumentException e) {
                faults.add(e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return paths;
    }

    /** {@return those of the patterns that can be made out, whatever the others are} */
    static List<String> legible(String text) {
        List<String> paths = new ArrayList<>();
        for (String one : text.split(",")) {
            try {
                String path = one(one.trim());
                if (!paths.contains(path)) {
                    paths.add(path);
                }
            } catch (IllegalArgumentException e) {
                // What is wrong with it is said by who takes the whole.
            }
        }
        return paths;
    }

    private static String one(String pattern) {
        if (pattern.equals("/")) {
            return "/*"; // the default servlet's pattern, which middleware read in the same way
        }
        if (pattern.startsWith("*.")) {
            throw bad(pattern, "routes are chosen by the beginning of a path, not by its end");
        }
        if (!pattern.startsWith("/")) {
            throw bad(pattern, pattern.isEmpty() ? "it is empty" : "it doesn't start with \"/\"");
        }
        boolean prefix = pattern.endsWith("/*");
        String path = prefix ? pattern.substring(0, pattern.length() - 2) : pattern;
        if (path.indexOf('*') >= 0) {
            throw bad(pattern, "\"*\" stands only at the end, as \"/*\"");
        }
        if (path.indexOf('%') >= 0 || path.indexOf('?') >= 0) {
            throw bad(
                    pattern, "it is compared with the decoded path: write \"\u00e9\" and not \"%C3%A9\", and no query");
        }
        if (NEVER.matcher(path).find() || prefix && path.endsWith("/")) {
            throw bad(pattern, "no request path can look like that once it is decoded and normalised");
        }
        return pattern;
    }

    private static IllegalArgumentException bad(String pattern, String why) {
        return new IllegalArgumentException("\"" + pattern + "\" is no path of a route: " + why
                + ". Paths are \"/exact/path\", \"/prefix/*\", and \"/*\" for everything");
    }
}

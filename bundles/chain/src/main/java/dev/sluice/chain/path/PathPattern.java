package dev.sluice.chain.path;

import java.util.Objects;

/**
 * A path pattern as in the Servlet specification 12.2, matched as filters are: all patterns that match a path apply, not
 * the best one only.
 *
 * <p>{@code /} is the default servlet's pattern and matches every path, as {@code /*} does: for a middleware that protects
 * something the wide reading is the safe one. Matching is case-sensitive and on the decoded path.
 *
 * @param kind how it matches
 * @param text the part that is compared: the exact path, the prefix without {@code /*}, the extension without {@code *.};
 *     empty for {@link Kind#ALL}
 */
public record PathPattern(Kind kind, String text) {

    /** How a pattern matches. */
    public enum Kind {
        /** Every path. */
        ALL,
        /** The path itself and all below it. */
        PREFIX,
        /** Paths whose last segment ends in the extension. */
        EXTENSION,
        /** This path alone. */
        EXACT
    }

    /** Checks for missing parts. */
    public PathPattern {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(text);
    }

    /**
     * Parses a pattern.
     *
     * @param pattern the pattern's text
     * @return the pattern
     * @throws IllegalArgumentException if it is none; the message says what is wrong with it
     */
    public static PathPattern parse(String pattern) {
        if (pattern.equals("/") || pattern.equals("/*")) {
            return new PathPattern(Kind.ALL, "");
        }
        if (pattern.isEmpty()) {
            return new PathPattern(Kind.EXACT, "/");
        }
        if (pattern.startsWith("*.")) {
            return new PathPattern(Kind.EXTENSION, extension(pattern));
        }
        if (!pattern.startsWith("/")) {
            throw bad(pattern, "it starts with neither \"/\" nor \"*.\"");
        }
        boolean prefix = pattern.endsWith("/*");
        String path = prefix ? pattern.substring(0, pattern.length() - 2) : pattern;
        if (path.indexOf('*') >= 0) {
            throw bad(pattern, "\"*\" stands only at the end, as \"/*\", or at the start, as \"*.\"");
        }
        // Such a path never reaches the chain, so a pattern for it would protect nothing and look as if it did.
        if (RequestPath.isAmbiguous(path) || prefix && path.endsWith("/")) {
            throw bad(pattern, "no request path can look like that once it is decoded and normalised");
        }
        return new PathPattern(prefix ? Kind.PREFIX : Kind.EXACT, path);
    }

    private static String extension(String pattern) {
        String extension = pattern.substring(2);
        if (extension.isEmpty() || extension.indexOf('*') >= 0 || extension.indexOf('/') >= 0) {
            throw bad(pattern, "after \"*.\" comes an extension and nothing else");
        }
        if (extension.indexOf('.') >= 0) {
            throw bad(pattern, "an extension is what follows the last dot, so it has no dot itself");
        }
        return extension;
    }

    private static IllegalArgumentException bad(String pattern, String why) {
        return new IllegalArgumentException("\"" + pattern + "\" is no path pattern: " + why
                + ". Patterns are \"/exact/path\", \"/prefix/*\", \"*.extension\", and \"/*\" for everything");
    }

    /**
     * Tells whether the pattern matches. The index does the same faster for many patterns at once.
     *
     * @param path a decoded, normalised path that starts with {@code /}
     * @return whether it matches
     */
    public boolean matches(String path) {
        return switch (kind) {
            case ALL -> true;
            case EXACT -> path.equals(text);
            case PREFIX ->
                path.startsWith(text) && (path.length() == text.length() || path.charAt(text.length()) == '/');
            case EXTENSION -> text.equals(RequestPath.extension(path));
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case ALL -> "/*";
            case EXACT -> text;
            case PREFIX -> text + "/*";
            case EXTENSION -> "*." + text;
        };
    }
}

package dev.sluice.chain.track;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Guesses what was meant by a word that doesn't exist. */
final class Meant {

    private Meant() {}

    /** {@return {@code  (is "..." meant?)} with the known word that is nearest, if it is near enough; else nothing} */
    static String hint(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String one) -> distance(word, one))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(nearest -> distance(word, nearest) <= Math.max(1, word.length() / 3))
                .map(nearest -> " (is \"" + nearest + "\" meant?)")
                .orElse("");
    }

    /** How many letters must be put in, taken out or exchanged to make one word the other (Levenshtein). */
    private static int distance(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        int[] row = IntStream.rangeClosed(0, to.length()).toArray();
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int exchanged = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, Math.min(row[j - 1], above) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}

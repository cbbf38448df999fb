package dev.sluice.deployer.explain;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was probably meant by a word that nobody knows. */
public final class Nearest {

    private Nearest() {}

    /** {@return the word that is nearest, if it is near enough to be what was meant} */
    public static Optional<String> to(String written, Collection<String> words) {
        String letters = letters(written);
        return words.stream()
                .min(Comparator.comparingInt((String word) -> distance(letters, letters(word)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(word -> distance(letters, letters(word)) <= Math.max(1, letters.length() / 3));
    }

    private static String letters(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** How many letters must be put in, taken out or exchanged to make one word the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = Stream.iterate(0, i -> i + 1)
                .limit(other.length() + 1L)
                .mapToInt(i -> i)
                .toArray();
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int above = row[j];
                int exchanged = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, Math.min(row[j - 1], above) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}

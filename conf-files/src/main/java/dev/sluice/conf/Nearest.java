package dev.sluice.conf;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * Guesses what was meant by a word that doesn't exist: the known one that the fewest letters put in, taken out or exchanged
 * make of it. Upper and lower case are the same. Of several that are as near the first in alphabetical order is taken.
 */
public final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Nearest() {}

    /** {@return the nearest, if no more than a third of the letters differ, or one} */
    public static Optional<String> of(String word, Collection<String> known) {
        return of(word, known, mostly(word));
    }

    /** {@return the nearest, if no more letters than so many differ} */
    public static Optional<String> of(String word, Collection<String> known, int most) {
        return of(word, known, most, UnaryOperator.identity());
    }

    /** {@return the nearest as {@link #of(String, Collection)}, where only letters and digits count: a dash may be a dot} */
    public static Optional<String> byLetters(String word, Collection<String> known) {
        return of(word, known, mostly(letters(word)), Nearest::letters);
    }

    private static Optional<String> of(String word, Collection<String> known, int most, UnaryOperator<String> part) {
        String compared = part.apply(lower(word));
        return known.stream()
                .map(one -> new Near(one, DISTANCE.apply(compared, part.apply(lower(one)))))
                .min(Comparator.comparingInt(Near::distance).thenComparing(Near::word))
                .filter(near -> near.distance() <= most)
                .map(Near::word);
    }

    private static int mostly(String word) {
        return Math.max(1, word.length() / 3);
    }

    private static String letters(String word) {
        return lower(word).replaceAll("[^a-z0-9]", "");
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private record Near(String word, int distance) {}
}

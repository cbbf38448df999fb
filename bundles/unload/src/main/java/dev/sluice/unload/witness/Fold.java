package dev.sluice.unload.witness;

import dev.sluice.unload.Culprit;
import dev.sluice.unload.culprit.Wording;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Texts of a bounded number and length, whatever a bundle has left behind: what is beyond is counted. */
final class Fold {

    /** So many are told of one unload. */
    static final int MOST = 20;

    /** A line in the log has so many characters of them at most. */
    static final int LINE = 2_000;

    private static final int LENGTH = 500;

    private Fold() {}

    /**
     * Folds culprits, so that many of one sort hide no other sort.
     *
     * @param searches what each search has found
     * @return so many at most, and one that counts the others
     */
    static List<Culprit> culprits(Collection<List<Culprit>> searches) {
        int all = searches.stream().mapToInt(List::size).sum();
        int share = MOST;
        while (share > 1 && told(searches, share) > MOST) {
            share--;
        }
        List<Culprit> folded = new ArrayList<>();
        Culprit left = null;
        for (List<Culprit> found : searches) {
            int room = Math.min(share, MOST - folded.size());
            found.stream().limit(room).map(Fold::bounded).forEach(folded::add);
            if (left == null && found.size() > room) {
                left = found.get(room);
            }
        }
        if (left != null) {
            folded.add(new Culprit(left.kind(), "and " + (all - folded.size()) + " more", bounded(left.remedy())));
        }
        return List.copyOf(folded);
    }

    private static int told(Collection<List<Culprit>> searches, int share) {
        return searches.stream()
                .mapToInt(found -> Math.min(share, found.size()))
                .sum();
    }

    /** {@return so many sentences at most, and one that counts the others} */
    static List<String> sentences(List<String> sentences) {
        List<String> folded = new ArrayList<>(
                sentences.stream().limit(MOST).map(Fold::bounded).toList());
        if (sentences.size() > MOST) {
            folded.add("and " + (sentences.size() - MOST) + " more");
        }
        return List.copyOf(folded);
    }

    /** {@return a text for one line of the log} */
    static String line(String text) {
        return Wording.line(text, LINE);
    }

    private static Culprit bounded(Culprit culprit) {
        return new Culprit(culprit.kind(), bounded(culprit.what()), bounded(culprit.remedy()));
    }

    private static String bounded(String text) {
        return Wording.line(text, LENGTH);
    }
}

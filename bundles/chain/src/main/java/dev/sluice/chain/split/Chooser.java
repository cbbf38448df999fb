package dev.sluice.chain.split;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/**
 * Makes a choice for each request. Immutable; takes no lock and makes no object.
 *
 * <p><b>How.</b> By weighted rendezvous hashing: each option has a number h between 0 and 1 that hangs on nothing but the
 * client's key, the group and the option's identity, and the highest -weight / ln(h) wins. That is a race in which each
 * option's time is exponential with its weight as the rate, so each wins with its part of the sum of the weights. As the
 * scores don't hang on each other, raising one weight only moves keys to that option, and when an option leaves, only its own
 * keys move; an option that isn't in the race doesn't change the order of the others. A request without a key takes part with a
 * random number in the key's place. The same number serves all choices of one request, so choices of one group that differ
 * only in who is there agree as far as they can.
 *
 * <p>The logarithm is {@link StrictMath}'s, whose results are the same bits everywhere; {@link Math}'s need not be.
 */
public final class Chooser {

    private static final int NOBODY = -1;

    private final Choice choice;
    private final long[] seeds;
    private final int[] weights;
    private final int canary;
    private final String canaryHeader;

    /**
     * Makes a chooser.
     *
     * @param choice what is to be chosen
     */
    public Chooser(Choice choice) {
        this.choice = choice;
        List<Option> options = choice.options();
        long group = StableHash.of(choice.group());
        this.seeds = options.stream()
                .mapToLong(option -> StableHash.of(group, StableHash.of(option.identity())))
                .toArray();
        this.weights = options.stream().mapToInt(Option::weight).toArray();
        this.canary = choice.canary()
                .map(asked -> options.stream().map(Option::identity).toList().indexOf(asked.identity()))
                .orElse(NOBODY);
        this.canaryHeader =
                canary == NOBODY ? null : choice.canary().orElseThrow().header();
    }

    /** {@return how many options there are} */
    public int size() {
        return weights.length;
    }

    /**
     * Chooses for a request.
     *
     * @param request the request
     * @param random a random number, each request's own: all choices for the request are to be given the same one
     * @return the number of the option
     */
    public int choose(HttpServletRequest request, long random) {
        int without = NOBODY;
        if (canary != NOBODY) {
            String asked = request.getHeader(canaryHeader);
            if (asked != null) {
                String answer = asked.trim();
                if (answer.equalsIgnoreCase("true")) {
                    return canary;
                }
                if (answer.equalsIgnoreCase("false") && weights.length > 1) {
                    without = canary;
                }
            }
        }
        String key = StickyKey.of(choice.sticky(), request);
        return race(key == null ? random : StableHash.of(key), without);
    }

    private int race(long key, int without) {
        int best = NOBODY;
        double bestScore = 0;
        for (int option = 0; option < weights.length; option++) {
            if (option != without && weights[option] > 0) {
                // Of the same order as -weight / ln(h): both are below 0 here, and the one nearer to it wins.
                double score = StrictMath.log(fraction(StableHash.of(seeds[option], key))) / weights[option];
                if (best == NOBODY || score > bestScore) {
                    best = option;
                    bestScore = score;
                }
            }
        }
        // Nobody has a weight but the one that isn't wanted: the highest of the others.
        return best != NOBODY ? best : without == 0 ? 1 : 0;
    }

    /** {@return a number between 0 and 1, and neither of them} */
    private static double fraction(long hash) {
        return ((hash >>> 12) + 0.5) * 0x1p-52;
    }
}

package dev.sluice.deployer.rollout.judge;

/**
 * Of so many requests of each of two versions so many were bad: what an odds ratio between the two makes of the likelihood of
 * that, given how many were bad altogether. It is Fisher's noncentral hypergeometric distribution, of which only quotients of
 * neighbouring terms are needed, and neither factorials nor gamma functions.
 */
final class Stratum {

    /** Terms that are smaller than the largest by this, in natural logarithms, don't change a sum in double precision. */
    private static final double NEGLIGIBLE = 40;

    private final long least;
    private final long seen;
    /** Logarithms of the number of ways in which least, least + 1, ... of the bad ones fall to the candidate. */
    private final double[] logWays;

    /**
     * @param requests the candidate's
     * @param bad how many of them were bad
     * @param besideRequests those of the version beside
     * @param besideBad how many of them were bad
     */
    Stratum(long requests, long bad, long besideRequests, long besideBad) {
        long all = bad + besideBad;
        this.least = Math.max(0, all - besideRequests);
        this.seen = bad;
        this.logWays = new double[Math.toIntExact(Math.min(requests, all) - least + 1)];
        for (int i = 1; i < logWays.length; i++) {
            long before = least + i - 1;
            logWays[i] = logWays[i - 1]
                    + Math.log((double) (requests - before) / (before + 1))
                    + Math.log((double) (all - before) / (besideRequests - all + before + 1));
        }
    }

    /** {@return the likelihood of what was seen under one odds ratio, divided by that under another, all as logarithms} */
    double logRatio(double logOdds, double otherLogOdds) {
        return seen * (logOdds - otherLogOdds) - logSum(logOdds) + logSum(otherLogOdds);
    }

    /** Sums from the largest term outwards, as there are few that count. The terms have one peak, since they are log-concave. */
    private double logSum(double logOdds) {
        int peak = peak(logOdds);
        double largest = logTerm(peak, logOdds);
        double sum = 1;
        for (int i = peak - 1; i >= 0 && logTerm(i, logOdds) > largest - NEGLIGIBLE; i--) {
            sum += Math.exp(logTerm(i, logOdds) - largest);
        }
        for (int i = peak + 1; i < logWays.length && logTerm(i, logOdds) > largest - NEGLIGIBLE; i++) {
            sum += Math.exp(logTerm(i, logOdds) - largest);
        }
        return largest + Math.log(sum);
    }

    private int peak(double logOdds) {
        int low = 0;
        int high = logWays.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (logTerm(middle, logOdds) < logTerm(middle + 1, logOdds)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private double logTerm(int index, double logOdds) {
        return logWays[index] + (least + index) * logOdds;
    }
}

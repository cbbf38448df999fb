package dev.sluice.deployer.rollout.judge;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges a candidate in one step of its rollout, by what its middleware and those of the version beside it do from the first
 * look on. It may be asked as often as one likes. Used by one thread.
 */
public final class Judge {

    /** How many requests of the version with the smaller share are to be in a stratum, at the most. */
    private static final int IN_STRATUM = 8;

    /** The fewest requests of the version beside that it is compared by. */
    private static final long FEWEST_BESIDE = 20;

    /**
     * So many times the requests that are enough otherwise are enough in spite of signs of trouble. Looking on is what finds a
     * difference that so few requests can't prove, at a share that still harms few.
     */
    private static final long PATIENCE = 5;

    private final Tolerances tolerances;
    private final double share;
    private final long enough;
    private final double alpha;
    private final Map<String, Observed> before;
    private final Map<String, Trial> trials = new TreeMap<>();

    /**
     * Begins to judge.
     *
     * @param tolerances what is tolerated
     * @param share the candidate's share of the requests; 1 if it has all
     * @param enough how many requests it must have had
     * @param alpha with which probability at the most a candidate that does nothing that isn't tolerated may be judged bad
     * @param before what the versions beside have done in earlier steps, by middleware
     */
    public Judge(Tolerances tolerances, double share, long enough, double alpha, Map<String, Observed> before) {
        if (!(share > 0 && share <= 1) || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("share and alpha are between 0 and 1: " + share + ", " + alpha);
        }
        this.tolerances = tolerances;
        this.share = share;
        this.enough = enough;
        this.alpha = alpha;
        this.before = Map.copyOf(before);
    }

    /**
     * Takes in what was done, and says what follows.
     *
     * @param now what the versions have done since they are observed, by middleware. The first look only says from where to count.
     * @return the verdict
     */
    public Verdict look(Map<String, Arms> now) {
        now.forEach((middleware, arms) -> {
            Trial trial = trials.get(middleware);
            if (trial == null
                    || trial.seen().beside().isPresent() != arms.beside().isPresent()) {
                trials.put(middleware, begin(middleware, arms));
            } else {
                trial.look(arms);
            }
        });
        double limit = Math.log(
                Math.max(1, trials.values().stream().mapToInt(Trial::gates).sum()) / alpha);
        for (Map.Entry<String, Trial> entry : trials.entrySet()) {
            var finding = entry.getValue().finding(limit);
            if (finding.isPresent()) {
                return new Verdict.Bad("\"" + entry.getKey() + "\": " + finding.get());
            }
        }
        // What only the candidate brings has all requests at once: there are soon enough of them, and they say little.
        return trials.values().stream()
                .max(Comparator.comparing((Trial trial) -> trial.seen().beside().isPresent())
                        .thenComparingLong(trial -> trial.seen().candidate().requests()))
                .map(this::judge)
                .orElseGet(() -> new Verdict.Waiting("none of its middleware is observed yet"));
    }

    private Trial begin(String middleware, Arms arms) {
        double smaller = Math.min(share, 1 - share);
        double wanted = Math.max(1, Math.min(IN_STRATUM, enough / 10));
        long stratum = arms.beside().isEmpty() || smaller <= 0 ? 1 : (long) Math.ceil(wanted / smaller);
        return new Trial(tolerances, stratum, before.getOrDefault(middleware, Observed.NONE), arms);
    }

    /** @param busiest what decides whether enough was seen: a path that nobody asks for isn't waited for */
    private Verdict judge(Trial busiest) {
        long requests = busiest.seen().candidate().requests();
        if (requests < enough) {
            return new Verdict.Waiting(
                    "it has had " + Words.count(requests) + " of " + Words.count(enough) + " requests");
        }
        long beside = busiest.seen().besideOrNone().requests();
        if (busiest.seen().beside().isPresent() && beside < enoughBeside()) {
            return new Verdict.Waiting("the version beside it has had " + Words.count(beside) + " of "
                    + Words.count(enoughBeside()) + " requests, too few to compare with");
        }
        if (requests < PATIENCE * enough && busiest.telling() < enough) {
            return new Verdict.Waiting("too many requests fail with the version beside it too: of its "
                    + Words.count(requests) + " requests " + Words.count(busiest.telling()) + " of "
                    + Words.count(enough) + " say something about it");
        }
        if (requests < PATIENCE * enough && trials.values().stream().anyMatch(Trial::isSuspicious)) {
            return new Verdict.Waiting("there are signs that it does worse, not enough to judge by: it has had "
                    + Words.count(requests) + " of up to " + Words.count(PATIENCE * enough) + " requests");
        }
        return new Verdict.Good();
    }

    /** Half of what its share would be, and no more than is asked of the candidate. */
    private long enoughBeside() {
        return Math.max(
                Math.min(FEWEST_BESIDE, enough), Math.min(enough, Math.round(enough * (1 - share) / share / 2)));
    }

    /** {@return what was seen since the first look, by middleware} */
    public Map<String, Arms> seen() {
        Map<String, Arms> seen = new TreeMap<>();
        trials.forEach((middleware, trial) -> seen.put(middleware, trial.seen()));
        return seen;
    }
}

package dev.sluice.deployer.rollout.judge;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The judging of one middleware. Used by one thread. */
final class Trial {

    /** Evidence from which on one looks on: a good version comes so far once in twenty times at the most. */
    private static final double SUSPICION = Math.log(20);

    /** If more than this share of the requests of the version beside gets server errors, something else is wrong than a version. */
    private static final double TROUBLE = 0.4;

    private final List<Gate> gates = new ArrayList<>();
    private final double cluster;
    private final long stratum;
    private Arms last;
    private Arms open;
    private Arms all;
    private long inTrouble;

    /**
     * @param stratum of how many requests a stratum is to consist, of both versions together: chosen before any of them, and
     *     not by how many of them the candidate gets, which would make a difference between the last one and the others
     * @param before what the version beside has done while it wasn't observed here
     * @param first what both have done until now
     */
    Trial(Tolerances tolerances, long stratum, Observed before, Arms first) {
        this.cluster = tolerances.cluster();
        this.stratum = stratum;
        this.last = first;
        this.open = first.nothing();
        this.all = open;
        if (first.beside().isEmpty()) {
            Before known = first.before().orElse(Before.UNKNOWN);
            if (!known.isUsual(known.failures())) {
                double most = Math.max(
                        outright(tolerances, before),
                        known.tolerated(known.failures(), tolerance(tolerances.failures())));
                gates.add(OwnFaultGate.ofFailures(most, known));
            }
            if (first.before().isPresent() && !known.isUsual(known.ownErrors())) {
                tolerances
                        .outrightErrors()
                        .ifPresent(most -> gates.add(OwnFaultGate.ofErrors(
                                Math.max(most, known.tolerated(known.ownErrors(), tolerance(tolerances.errors()))),
                                known)));
            }
            return;
        }
        tolerances
                .failures()
                .ifPresent(some -> gates.add(new RateGate("failed by its own fault", Observed::failures, some)));
        tolerances
                .errors()
                .ifPresent(some ->
                        gates.add(new RateGate("were answered with a server error", Observed::serverErrors, some)));
        tolerances
                .slow()
                .ifPresent(some ->
                        gates.add(new SlowGate(some, first.besideOrNone().latencies())));
    }

    /** A version beside that failed as often before is no reason to take its successor back. */
    private static double outright(Tolerances tolerances, Observed before) {
        if (before.requests() < 100) {
            return tolerances.outright();
        }
        double share = Math.min(1, (double) before.failures() / before.requests());
        return Math.min(
                Before.NEARLY_ALL,
                Math.max(tolerances.outright(), tolerance(tolerances.failures()).most(share)));
    }

    private static Tolerance tolerance(Optional<Tolerance> wanted) {
        return wanted.orElse(new Tolerance(1, 0));
    }

    void look(Arms now) {
        if (!now.follows(last)) {
            // A unit was activated again, and its counts began anew. What came in between is lost, for both versions
            // alike.
            last = now;
            open = now.nothing();
            return;
        }
        open = open.plus(now.since(last));
        all = all.plus(now.since(last));
        last = now;
        if (open.requests() >= stratum) {
            gates.forEach(gate -> gate.observe(open));
            if (isTrouble(open.besideOrNone())) {
                inTrouble += open.candidate().requests();
            }
            open = now.nothing();
        }
    }

    private static boolean isTrouble(Observed beside) {
        return beside.serverErrors() > TROUBLE * beside.requests();
    }

    /** {@return how many of the candidate's requests say something about it: not those while nearly all fail with either version} */
    long telling() {
        return all.candidate().requests() - inTrouble;
    }

    Arms seen() {
        return all;
    }

    int gates() {
        return gates.size();
    }

    double logEvidence(Gate gate) {
        return gate.logEvidence() / cluster;
    }

    /** {@return whether there are signs that it does worse, which needn't be enough to judge by} */
    boolean isSuspicious() {
        return gates.stream().anyMatch(gate -> gate.looksWorse() || logEvidence(gate) > SUSPICION);
    }

    /** {@return what is wrong, if the evidence of something reaches the limit} */
    Optional<String> finding(double limit) {
        return gates.stream()
                .filter(gate -> logEvidence(gate) >= limit)
                .filter(gate -> all.candidate().requests() >= gate.fewest())
                .max(Comparator.comparingDouble(this::logEvidence))
                .map(gate -> gate.finding(all));
    }
}

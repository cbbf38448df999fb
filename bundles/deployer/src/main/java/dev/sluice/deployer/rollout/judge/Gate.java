package dev.sluice.deployer.rollout.judge;

/** One way in which a candidate may be worse than it is allowed to be. Used by one thread. */
interface Gate {

    /** Takes in what was newly seen: one stratum. */
    void observe(Arms stratum);

    /** {@return the natural logarithm of the evidence that more is wrong than is tolerated} */
    double logEvidence();

    /** {@return whether it looks as if more were wrong than is tolerated, be it by chance} */
    boolean looksWorse();

    /** {@return how many of the candidate's requests there must be before it is taken back} */
    long fewest();

    /**
     * {@return what is wrong, with the figures, as a part of a sentence that begins with the middleware's name}
     *
     * @param all all that was seen
     */
    String finding(Arms all);
}

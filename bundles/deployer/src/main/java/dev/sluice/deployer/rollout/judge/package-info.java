/**
 * Whether a version does worse than the version beside it, by what both have done. Plain Java: no OSGi, no clock, no threads.
 *
 * <h2>The test</h2>
 *
 * <p>Requests are counted in strata, one after another. In a stratum the candidate had {@code n} requests, {@code k} of them
 * bad, and the version beside it {@code m}, {@code l} bad. Given {@code n}, {@code m} and {@code k + l}, if each request has been
 * given to one of the two by chance, the number of bad ones that fell to the candidate has Fisher's noncentral hypergeometric
 * distribution, whose only parameter is the odds ratio between the two. How many requests were bad altogether doesn't matter:
 * an upstream that fails for a while makes {@code k + l} large, and says nothing about either version. That is exact, for one
 * request as for a million; no count need be large.
 *
 * <p>The likelihood of an odds ratio, divided by that of the largest one that is tolerated, has an expectation of at most one
 * in each stratum as long as the true odds ratio is tolerated (it needn't be the same in each), since the family has a
 * monotone likelihood ratio. So the product over the strata is a test supermartingale, and the average of several such
 * products, for odds ratios from a little to far too much, is one too. By Ville's inequality it ever reaches {@code 1 / alpha}
 * with a probability of at most {@code alpha}, however often one looks and whenever one stops: it is an e-process, and its
 * value is what is called evidence here. Evidence may be averaged, and probabilities of error of several tests add up.
 *
 * <p>See Turner, Ly, Gr&uuml;nwald, "Generic E-Variables for Exact Sequential k-Sample Tests that allow for Optional
 * Stopping" (arXiv:2106.02693); Lindon, Malek, "Anytime-Valid Inference for Multinomial Count Data" (arXiv:2011.03567), which
 * tests canaries by which version errors fall on; Ramdas, Gr&uuml;nwald, Vovk, Shafer, "Game-Theoretic Statistics and Safe
 * Anytime-Valid Inference" (arXiv:2210.01948).
 *
 * <h2>What it assumes</h2>
 *
 * <ul>
 *   <li>Which version a request gets is by chance, and has nothing to do with whether it will be bad. So bursts in time hit
 *       both alike, whatever their length and shape.
 *   <li>Each request is given by itself. <b>With sticky keys that isn't so:</b> all of one client's requests go to one version.
 *       A client whose every request fails by its own fault counts against the version that it happens to be on. Strata don't
 *       help, as it stays there; what does is what is tolerated in any case (the floors), as long as a client's part in the
 *       candidate's requests is below that, and {@link dev.sluice.deployer.rollout.judge.Tolerances#cluster()}: evidence counts as
 *       if so many requests were one. A root of an e-process is one too, so that costs speed, never validity.
 *   <li>Counts are of completed requests. A version that never completes any isn't seen; deadlines make failures of that.
 *       After a raised share the slow ones of before are still to come, of the version beside mostly: that spares the candidate
 *       at first, and never blames it.
 * </ul>
 */
package dev.sluice.deployer.rollout.judge;

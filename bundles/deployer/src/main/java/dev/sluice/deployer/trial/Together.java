package dev.sluice.deployer.trial;

import dev.sluice.deployer.artifact.ArtifactNames;
import dev.sluice.deployer.explain.Failure;
import dev.sluice.deployer.explain.Waits;
import java.util.List;
import java.util.stream.Collectors;

/** How the candidates of one release fail: all of them, for what some have found. */
final class Together {

    private Together() {}

    /** {@return whether there were candidates whose release has failed with another} */
    static boolean takeDown(List<Candidate> all) {
        boolean changed = false;
        for (Candidate candidate : all) {
            if (!candidate.isGood() || !candidate.whole().isRelease()) {
                continue;
            }
            for (Candidate other : all) {
                if (!other.isGood()
                        && other.whole().file().equals(candidate.whole().file())) {
                    candidate.failedWithOthers();
                    changed = true;
                    break;
                }
            }
        }
        return changed;
    }

    /**
     * {@return why what a file deploys has failed}
     *
     * @param failed its candidates, none of which is good
     */
    static Failure failure(List<Candidate> failed) {
        if (!failed.get(0).whole().isRelease()) {
            return failed.get(0).failure().orElseThrow();
        }
        List<Candidate> guilty = failed.stream()
                .filter(candidate -> !candidate.hasFailedWithOthers())
                .toList();
        String message = guilty.stream()
                .map(candidate -> ArtifactNames.entry(candidate.file()) + ": "
                        + candidate.failure().orElseThrow().message())
                .collect(Collectors.joining("; "));
        // What hangs on its content comes first: no other bundle mends that.
        Waits waits = guilty.stream()
                .map(candidate -> candidate.failure().orElseThrow().waits())
                .filter(one -> !(one instanceof Waits.ForBundles))
                .findFirst()
                .orElseGet(Waits.ForBundles::new);
        return new Failure(message, waits);
    }
}

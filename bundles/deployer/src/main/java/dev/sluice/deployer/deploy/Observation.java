package dev.sluice.deployer.deploy;

import dev.sluice.deployer.rollout.judge.Before;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the chain is asked for those who watch releases. It may be away for a while: what isn't observed isn't judged then, and
 * it is asked again at the next look. Confined to the deployer's thread.
 */
final class Observation {

    private static final Logger LOG = LoggerFactory.getLogger(Observation.class);

    private final Parts parts;

    /** The bundles that the chain observes, as it was asked to. */
    private Set<Long> observed = Set.of();

    /** Whether the chain couldn't be asked since the last look began, and whether that was said: once is enough. */
    private boolean isHindered;

    private boolean isSaid;

    Observation(Parts parts) {
        this.parts = parts;
    }

    boolean isOfNobody() {
        return observed.isEmpty();
    }

    /** Has just these bundles observed from now on. */
    void observe(Set<Long> bundles) {
        if (bundles.equals(observed)) {
            return;
        }
        try {
            parts.chain().observe(bundles);
            observed = Set.copyOf(bundles);
        } catch (RuntimeException e) {
            hindered(e);
        }
    }

    /** {@return what a bundle has answered lately; nothing is said by its errors of what nothing is known of} */
    Map<String, Before> lately(long bundle) {
        try {
            return parts.lately().of(bundle);
        } catch (RuntimeException e) {
            hindered(e);
            return Map.of();
        }
    }

    /** If that can't be done, what counts is what comes from the first look on that succeeds. */
    void countFromNothing(Guarded guarded) {
        try {
            guarded.countFromNothing(parts.chain());
        } catch (RuntimeException e) {
            hindered(e);
        }
    }

    /** {@return what is wrong, as far as can be told} */
    Optional<Guarded.Finding> look(Guarded guarded, long now) {
        try {
            return guarded.look(parts.chain(), now);
        } catch (RuntimeException e) {
            hindered(e);
            return guarded.finding();
        }
    }

    private void hindered(RuntimeException cause) {
        if (!isSaid && !parts.isGoingAway()) {
            LOG.warn("What releases do can't be counted for now: {}", cause.toString());
        }
        isSaid = true;
        isHindered = true;
    }

    void lookBegins() {
        isHindered = false;
    }

    void lookEnds() {
        isSaid &= isHindered;
    }
}

package dev.sluice.deployer.leaving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployer.ledger.Released;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AwaitedVerdictsTest {

    private static final long BUNDLE = 12;
    private static final Instant LATE = Instant.parse("2026-11-23T18:00:00Z");
    private static final Instant EARLY = LATE.minusSeconds(3600);

    private final AwaitedVerdicts awaited = new AwaitedVerdicts();

    @Test
    void whatLeftAfterItWasToldIsHeardThoughTheClockWasSetBackMeanwhile() {
        awaited.put(BUNDLE, 2, "auth.jar", "ab");
        awaited.told(BUNDLE, 4);

        assertThat(awaited.judged(view(5, EARLY, Verdict.LEAKED))).isPresent();
        assertThat(awaited.judged(view(5, EARLY, Verdict.COLLECTED)))
                .hasValueSatisfying(one -> assertThat(one.publication()).isEqualTo(2));
        assertThat(awaited.has(2, Released.pending("auth.jar", "ab"))).isFalse();
    }

    @Test
    void anEarlierContentOfTheSameBundleIsNotTakenForItThoughTheClockWasSetBackMeanwhile() {
        awaited.put(BUNDLE, 2, "auth.jar", "ab");
        assertThat(awaited.judged(view(4, LATE, Verdict.COLLECTED)))
                .as("while it drains")
                .isEmpty();
        awaited.told(BUNDLE, 4);

        assertThat(awaited.judged(view(4, LATE, Verdict.COLLECTED))).isEmpty();
        assertThat(awaited.has(2, Released.pending("auth.jar", "ab"))).isTrue();
    }

    private static UnloadView view(long number, Instant since, Verdict verdict) {
        return new UnloadView(
                number,
                BUNDLE,
                "acme.auth",
                "1.0.0",
                Optional.empty(),
                since,
                verdict,
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }
}

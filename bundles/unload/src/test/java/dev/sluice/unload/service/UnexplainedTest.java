package dev.sluice.unload.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Departure;
import dev.sluice.unload.LeakCap;
import dev.sluice.unload.UnloadView;
import dev.sluice.unload.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnexplainedTest {

    private static final LeakCap CAP = new LeakCap(5, true);

    @Test
    void moreThanMayLeakAreAnAlarm() {
        assertThat(Unexplained.alarms(unloads(5, "auth", Verdict.PENDING, true), CAP))
                .isEmpty();
        assertThat(Unexplained.alarms(unloads(6, "auth", Verdict.PENDING, true), CAP))
                .containsExactly(
                        "6 versions of the middleware auth that left are still in memory, and nobody knows yet why: POST"
                                + " /api/v1/unload/explain, with number=6, shows what holds the last of them");
    }

    @Test
    void eachMiddlewareCountsForItself() {
        List<UnloadView> both = Stream.concat(
                        unloads(5, "auth", Verdict.PENDING, true).stream(),
                        unloads(5, "limit", Verdict.PENDING, true).stream())
                .toList();
        assertThat(Unexplained.alarms(both, CAP)).isEmpty();
    }

    @Test
    void whatIsNotSearchedYetOrHasLeakedIsNotMeantAndAnyNumberMayBeTolerated() {
        assertThat(Unexplained.alarms(unloads(6, "auth", Verdict.PENDING, false), CAP))
                .isEmpty();
        assertThat(Unexplained.alarms(unloads(6, "auth", Verdict.LEAKED, true), CAP))
                .isEmpty();
        assertThat(Unexplained.alarms(unloads(6, "auth", Verdict.PENDING, true), new LeakCap(0, true)))
                .isEmpty();
    }

    /** What left last comes first. */
    private static List<UnloadView> unloads(int count, String middleware, Verdict verdict, boolean noted) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(number -> new UnloadView(
                        count + 1 - number,
                        number,
                        "acme." + middleware,
                        "1.0." + number,
                        Optional.of(new Departure(middleware + ".jar", "ab", List.of(middleware))),
                        Instant.EPOCH,
                        verdict,
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        noted ? Optional.of("a collection came by") : Optional.empty()))
                .toList();
    }
}

package dev.sluice.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.results.Series;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {

    private static final Panel PANEL = new Panel("Chain-2", "A chain", "middleware", "handWritten", true, "");

    private static Results results(String finished, String effort, Series... series) {
        Machine machine = new Machine("System 1", "Processor 2", 3, 4, "Java 5");
        return new Results(
                "inside", finished, effort, machine, "12ab", List.of(), List.of(), List.of(PANEL), List.of(series));
    }

    private static Series series(String subject, Double... samples) {
        return new Series("Chain-2", subject, 10, "time", "ns/op", List.of(samples));
    }

    private static String section(Results now, Results before) {
        return new Agreement(List.of(now), List.of(before)).section();
    }

    /** What two runs say of the chain, beside calls by hand that took ten in both. */
    private static String twice(List<Double> today, List<Double> yesterday) {
        Series byHand = series("handWritten", 10.0, 10.0);
        return section(
                results("today", "full", byHand, series("sluice", today.toArray(Double[]::new))),
                results("yesterday", "full", byHand, series("sluice", yesterday.toArray(Double[]::new))));
    }

    @Test
    void saysThatFiguresAgreeWhoseSpreadsHaveSomethingInCommon() {
        assertThat(twice(List.of(20.0, 24.0), List.of(21.0, 25.0)))
                .contains("| inside | today | yesterday |")
                .contains("2 threads | 12.0 (10.0–14.0) ns | 13.0 (11.0–15.0) ns | agree |")
                .contains("Of 1 ratios 1 agree.");
    }

    @Test
    void namesThoseThatDiffer() {
        assertThat(twice(List.of(20.0, 20.0), List.of(30.0, 30.0)))
                .contains("10.0 (10.0–10.0) ns | 20.0 (20.0–20.0) ns | **differ** |")
                .contains(
                        "Of 1 ratios 0 agree. These don't:\n\n- A chain, time, sluice, middleware 10: ×2.00 (2.00–2.00), before"
                                + " ×3.00 (3.00–3.00)\n");
    }

    @Test
    void asksOnlyForWhatBothHave() {
        String text = section(
                results("today", "full", series("handWritten", 10.0), series("sluice", 20.0), series("more", 1.0)),
                results("yesterday", "full", series("handWritten", 10.0), series("less", 20.0)));

        assertThat(text).contains("Of 0 ratios 0 agree.").doesNotContain("2 threads");
    }

    /** Of change under load with filters that deny there is one run. */
    @Test
    void countsNoRatiosOfOneSample() {
        assertThat(section(
                        results("today", "full", series("handWritten", 10.0), series("sluice", 20.0)),
                        results("yesterday", "full", series("handWritten", 10.0), series("sluice", 30.0))))
                .contains("2 threads | 10.0 ns | 20.0 ns | **differ** |")
                .contains("Of 0 ratios 0 agree.");
    }

    @Test
    void isEmptyWhereNothingWasRunTwiceForTheSameTime() {
        Series one = series("sluice", 1.0);

        assertThat(section(results("today", "full", one), results("yesterday", "quick", one)))
                .isEmpty();
        assertThat(new Agreement(List.of(results("today", "full", one)), List.of()).section())
                .isEmpty();
    }
}

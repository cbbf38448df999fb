package dev.sluice.benchmark.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.results.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Panel PANEL =
            new Panel("Chain-2", "A chain", "middleware", "handWritten", true, "What it is.");

    @TempDir
    Path folder;

    @BeforeAll
    static void withoutScreen() {
        System.setProperty("java.awt.headless", "true");
    }

    private static Series series(String subject, double x, Double... samples) {
        return new Series("Chain-2", subject, x, "time", "ns/op", List.of(samples));
    }

    private static Results results(String effort, Series... series) {
        return new Results(
                "inside",
                "2026-01-01T00:00:00Z",
                effort,
                new Machine("System 1", "Processor 2", 3, 4, "Java 5"),
                "0123456789abcdef",
                List.of("How."),
                List.of("a peer, as it can't be had"),
                List.of(PANEL),
                List.of(series));
    }

    private String report(Results results) throws IOException {
        results.write(folder.resolve("results"));
        return Files.readString(new Report(folder.resolve("results"), folder.resolve("docs")).write());
    }

    @Test
    void saysOnWhatAndHowItWasMeasuredAndWhatWasNot() throws IOException {
        assertThat(report(results("full", series("sluice", 10, 1.0))))
                .contains("3 processors (Processor 2), 4 MiB, System 1, Java 5")
                .contains("- How.")
                .contains("- Left out: a peer, as it can't be had")
                .contains("### A chain")
                .contains("What it is.")
                .doesNotContain("Not to be quoted");
    }

    @Test
    void warnsOfFiguresThatOnlyShowThatItRuns() throws IOException {
        assertThat(report(results("quick", series("sluice", 10, 1.0)))).contains("Not to be quoted");
    }

    @Test
    void showsMediansWithTheirSpreadAndRatiosOfEachRound() throws IOException {
        assertThat(report(results("full", series("handWritten", 10, 10.0, 30.0), series("sluice", 10, 20.0, 60.0))))
                .contains("| middleware | handWritten | sluice |")
                .contains("| 10 | 20.0 (10.0–30.0) | 40.0 (20.0–60.0)<br>×2.00 (2.00–2.00) |");
    }

    @Test
    void comparesNothingWithWhatIsNothing() throws IOException {
        assertThat(report(results("full", series("handWritten", 10, 0.001), series("sluice", 10, 112.0))))
                .contains("| 10 | 0.0010 | 112 |");
    }

    @Test
    void leavesACellEmptyThatWasNotMeasured() throws IOException {
        assertThat(report(results("full", series("handWritten", 0, 1.0), series("sluice", 10, 2.0))))
                .contains("| 0 | 1.00 |  |")
                .contains("| 10 |  | 2.00 |");
    }

    @Test
    void drawsAPictureOfEachMetricThatHasMoreThanOnePlace() throws IOException {
        String text = report(results("full", series("sluice", 0, 1.0, 2.0), series("sluice", 10, 3.0, 4.0)));

        Path picture = folder.resolve("docs/images/benchmarks/chain-2-time.png");
        assertThat(text).contains("](images/benchmarks/chain-2-time.png)");
        assertThat(ImageIO.read(picture.toFile()).getWidth()).isEqualTo(760);
    }

    @Test
    void drawsNoneOfOnePlaceAlone() throws IOException {
        assertThat(report(results("full", series("sluice", 10, 1.0)))).doesNotContain("![");
    }

    @Test
    void setsEachBudgetBesideItsFigure() throws IOException {
        assertThat(report(results("full", series("handWritten", 10, 10.0, 12.0), series("sluice", 10, 50.0, 60.0))))
                .contains("2 threads | ≤ 100 ns | 44.0 (38.0–50.0) ns | met |")
                .contains("publish with 1,000 units | ≤ 1 ms | not measured |  |");
    }

    /** Most of the time in the server is its own writing: that is left out by the difference, round by round. */
    @Test
    void comparesWhatFiftyCostAlone() throws IOException {
        assertThat(report(results(
                        "full",
                        outside("Jetty", 0, 5.0, 50.0),
                        outside("Jetty", 50, 6.0, 51.0),
                        outside("Sluice", 0, 6.0, 60.0),
                        outside("Sluice", 50, 8.0, 62.0))))
                .contains("time in the server | ≤ 1.3× | 1.27 (1.22–1.33)× | met, by the median |")
                .contains("less that with none | ≤ 1.3× | 2.00 (2.00–2.00)× | **not met**: read so strictly");
    }

    private static Series outside(String server, int middleware, Double... micros) {
        return new Series("outside", server, middleware, "median in the server", "µs", List.of(micros));
    }

    @Test
    void saysWhatWasMeasuredAndWhereThatWasNotOneThing() throws IOException {
        Results one = results("full", series("sluice", 10, 1.0));
        assertThat(report(one)).contains("; `sluice.jar` is 0123456789ab.").doesNotContain("the same `sluice.jar`");

        new Results(
                        "outside",
                        one.finished(),
                        one.effort(),
                        one.machine(),
                        "fedcba9876543210",
                        List.of(),
                        List.of(),
                        one.panels(),
                        one.series())
                .write(folder.resolve("results"));
        assertThat(Files.readString(new Report(folder.resolve("results"), folder.resolve("docs")).write()))
                .contains("> Not all of this was measured with the same `sluice.jar`");
    }

    @Test
    void saysWhichBudgetIsNotMet() throws IOException {
        assertThat(report(results("full", series("handWritten", 10, 10.0), series("sluice", 10, 150.0))))
                .contains("| ≤ 100 ns | 140 ns | **not met**: a look at the clock");
    }

    @Test
    void saysWhereTheSpreadReachesOverABudget() throws IOException {
        assertThat(report(results("full", series("handWritten", 10, 0.0), series("sluice", 10, 10.0, 90.0, 190.0))))
                .contains("met, by the median |");
    }

    @Test
    void comparesStartsWithinEachRoundAndSaysWhyTheyAreSlow() throws IOException {
        String text = report(results(
                "full",
                start("start", "Jetty", 17, 500.0, 1000.0),
                start("start", "Sluice", 17, 900.0, 1800.0),
                start("start-class-data", "Jetty", 25, 100.0),
                start("start-class-data", "Jetty without", 25, 200.0),
                start("start-class-data", "Sluice", 25, 300.0)));

        assertThat(text)
                .contains("beside plain Jetty, JDK 17 | ≤ 2× | 1.80 (1.80–1.80)× | met |")
                .contains("beside plain Jetty, JDK 25 | ≤ 2× | not measured |  |")
                .contains(
                        "with class data, beside plain Jetty without, JDK 25 | ≤ 1.2× | 1.50× | **not met**: a start of")
                .contains("](decisions/0032-start-up.md) |");
    }

    @Test
    void comparesWithTheRunBeforeOnceThereIsOne() throws IOException {
        assertThat(report(results("full", series("sluice", 10, 1.0)))).doesNotContain("## A second run");
        assertThat(report(results("full", series("sluice", 10, 1.0)))).contains("## A second run");
    }

    private static Series start(String panel, String subject, int jdk, Double... millis) {
        return new Series(panel, subject, jdk, "first 200", "ms", List.of(millis));
    }

    @Test
    void readsBackWhatWasWritten() throws IOException {
        Results written = results("full", series("sluice", 10, 1.5, 2.5));

        assertThat(Results.read(written.write(folder))).isEqualTo(written);
    }

    @Test
    void isEmptyButForTheBudgetsBeforeAnythingWasRun() throws IOException {
        String text = Files.readString(new Report(folder.resolve("none"), folder.resolve("docs")).write());

        assertThat(text).contains("## Budgets").contains("not measured").doesNotContain("###");
    }
}

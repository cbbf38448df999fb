package dev.sluice.benchmark.report;

import dev.sluice.benchmark.inside.InsideRun;
import dev.sluice.benchmark.results.Machine;
import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.results.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes one document of what all suites have measured: {@code benchmarks.md}, with its plots beside it. */
public final class Report {

    private static final String IMAGES = "images/benchmarks";

    private static final int DIGITS_SHOWN = 12;

    private final Path results;
    private final Path folder;

    /**
     * Makes it.
     *
     * @param results the folder with the results of each suite
     * @param folder where the document goes
     */
    public Report(Path results, Path folder) {
        this.results = results;
        this.folder = folder;
    }

    /** {@return the document, written} */
    public Path write() throws IOException {
        List<Results> all = Results.all(results);
        StringBuilder text = new StringBuilder("# Benchmarks\n\n");
        text.append(
                "Made by the run itself: see `itests/benchmark/README.md` for how to run it again. Figures are medians,"
                        + " with the lower and the upper quartile in brackets, or with the least and the most of fewer than "
                        + Spread.FEW + " samples; × is how many times the subject that the others are"
                        + " compared with. Machines differ and are noisy: ratios travel, times don't.\n");
        if (all.stream().anyMatch(one -> !one.effort().equals("full"))) {
            text.append(
                    "\n> **Not to be quoted**: some of this was run with `quick`, which only shows that it runs.\n");
        }
        if (all.stream().map(Results::product).distinct().count() > 1) {
            text.append("\n> Not all of this was measured with the same `sluice.jar`: each suite names its own.\n");
        }
        budgets(text, all);
        text.append(new Agreement(all, Results.all(Results.before(results))).section());
        for (Results one : all) {
            suite(text, one);
        }
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve("benchmarks.md"), text);
    }

    private static void budgets(StringBuilder text, List<Results> all) {
        text.append("\n## Budgets\n\n| what | budget | figure | |\n|---|---|---|---|\n");
        Budgets.ALL.forEach(budget -> text.append(budget.row(all)));
    }

    private void suite(StringBuilder text, Results one) throws IOException {
        text.append("\n## ").append(title(one.suite())).append("\n\n");
        text.append("Finished ")
                .append(one.finished())
                .append(", effort `")
                .append(one.effort())
                .append("`, on ");
        text.append(machine(one.machine())).append(product(one)).append(".\n\n");
        one.method().forEach(line -> text.append("- ").append(line).append('\n'));
        one.leftOut().forEach(line -> text.append("- Left out: ").append(line).append('\n'));
        for (Panel panel : one.panels()) {
            panel(text, panel, one.series());
        }
    }

    private void panel(StringBuilder text, Panel panel, List<Series> series) throws IOException {
        List<Series> own =
                series.stream().filter(it -> it.panel().equals(panel.name())).toList();
        text.append("\n### ")
                .append(panel.title())
                .append("\n\n")
                .append(panel.text())
                .append("\n");
        for (String metric : own.stream().map(Series::metric).distinct().toList()) {
            List<Series> shown =
                    own.stream().filter(it -> it.metric().equals(metric)).toList();
            text.append('\n').append(new Table(panel, metric, shown).markdown());
            new Plot(panel, metric, shown).write(folder.resolve(IMAGES)).ifPresent(file -> text.append("\n![")
                    .append(panel.title())
                    .append(": ")
                    .append(metric)
                    .append("](")
                    .append(IMAGES)
                    .append('/')
                    .append(file.getFileName())
                    .append(")\n"));
        }
    }

    private static String title(String suite) {
        return switch (suite) {
            case "inside" -> "Inside: the chain alone";
            case "outside" -> "Outside: servers beside each other";
            case "change" -> "Change under load";
            case "growth" -> "Cost of growth";
            case "start" -> "Start-up";
            case InsideRun.PART -> "Inside: some of it";
            default -> suite;
        };
    }

    private static String product(Results one) {
        return one.product() == null ? "" : "; `sluice.jar` is " + one.product().substring(0, DIGITS_SHOWN);
    }

    private static String machine(Machine machine) {
        return machine.processors() + " processors (" + machine.processor() + "), " + machine.memory() + " MiB, "
                + machine.system() + ", " + machine.java();
    }
}

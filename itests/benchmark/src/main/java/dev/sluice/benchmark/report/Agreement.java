package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Results;
import dev.sluice.benchmark.results.Series;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether two runs agree, each within the spread that it states: what they state has something in common. It is asked of the
 * budgets' figures, and of all ratios; times alone differ with the machine's mood.
 */
final class Agreement {

    private record Twice(Results now, Results before) {}

    private final List<Twice> suites;

    /** Compares what both runs have measured, for the same time. */
    Agreement(List<Results> now, List<Results> before) {
        suites = now.stream()
                .flatMap(one -> before.stream()
                        .filter(other -> other.suite().equals(one.suite())
                                && other.effort().equals(one.effort()))
                        .map(other -> new Twice(one, other)))
                .toList();
    }

    /** {@return its section of the report; empty if nothing was run twice} */
    String section() {
        if (suites.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("\n## A second run\n\n");
        text.append(
                "Figures of this run and of the one before it. They agree where what the two state in brackets has something in"
                        + " common. One sample states nothing: a budget's agrees if it is the same, and ratios of one aren't counted.\n\n| suite | this run | the run before |\n|---|---|---|\n");
        suites.forEach(twice -> text.append(row(twice.now.suite(), twice.now.finished(), twice.before.finished(), "")));
        text.append("\n| what | this run | the run before | |\n|---|---|---|---|\n");
        Budgets.ALL.forEach(budget -> text.append(budget(budget)));
        return text.append(ratios()).toString();
    }

    private String budget(Budget budget) {
        Optional<Spread> now = budget.spread(suites.stream().map(Twice::now).toList());
        Optional<Spread> before =
                budget.spread(suites.stream().map(Twice::before).toList());
        return now.flatMap(one -> before.map(other -> row(
                        budget.what(),
                        Numbers.text(one) + budget.unit(),
                        Numbers.text(other) + budget.unit(),
                        one.agreesWith(other) ? " agree |" : " **differ** |")))
                .orElse("");
    }

    private static String row(String what, String now, String before, String verdict) {
        return "| " + what + " | " + now + " | " + before + " |" + verdict + "\n";
    }

    private String ratios() {
        List<Optional<String>> differences = suites.stream()
                .flatMap(twice -> twice.now.series().stream().flatMap(one -> difference(twice, one)))
                .toList();
        List<String> differ = differences.stream().flatMap(Optional::stream).toList();
        return "\nOf " + differences.size() + " ratios " + (differences.size() - differ.size()) + " agree."
                + (differ.isEmpty() ? "\n" : " These don't:\n\n" + String.join("", differ));
    }

    /** {@return for a ratio that both runs have, what is said of it if it isn't the same} */
    private static Stream<Optional<String>> difference(Twice twice, Series series) {
        Panel panel = panel(twice.now, series);
        Optional<Spread> now = Ratios.of(panel, series, twice.now.series());
        Optional<Spread> before = twice.before
                .find(series.panel(), series.subject(), series.x(), series.metric())
                .flatMap(same -> Ratios.of(panel, same, twice.before.series()));
        return now
                .filter(Spread::isStated)
                .flatMap(one -> before.map(other -> one.agreesWith(other)
                        ? Optional.<String>empty()
                        : Optional.of("- " + panel.title() + ", " + series.metric() + ", " + series.subject() + ", "
                                + panel.xName() + " " + Numbers.axis(series.x()) + ": ×" + Numbers.text(one)
                                + ", before ×" + Numbers.text(other) + "\n")))
                .stream();
    }

    private static Panel panel(Results results, Series series) {
        return results.panels().stream()
                .filter(panel -> panel.name().equals(series.panel()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no panel " + series.panel() + " in the results of " + results.suite()));
    }
}

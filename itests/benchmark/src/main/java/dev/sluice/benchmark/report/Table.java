package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Series;
import java.util.List;
import java.util.Optional;

/** One metric of a panel as a table in Markdown: a row for each place on the axis, a column for each subject. */
record Table(Panel panel, String metric, List<Series> series) {

    String markdown() {
        List<String> subjects = series.stream().map(Series::subject).distinct().toList();
        List<Double> places = series.stream().map(Series::x).distinct().sorted().toList();
        StringBuilder text = new StringBuilder();
        text.append("**").append(metric).append("**, ").append(unit()).append(":\n\n| ");
        text.append(panel.xName());
        subjects.forEach(subject -> text.append(" | ").append(subject));
        text.append(" |\n|").append("---:|".repeat(subjects.size() + 1)).append('\n');
        for (double x : places) {
            text.append("| ").append(Numbers.axis(x));
            subjects.forEach(subject -> text.append(" | ").append(cell(subject, x)));
            text.append(" |\n");
        }
        return text.toString();
    }

    private String unit() {
        return series.get(0).unit();
    }

    private String cell(String subject, double x) {
        return find(subject, x)
                .map(one -> Numbers.text(Spread.of(one.samples())) + beside(one))
                .orElse("");
    }

    private String beside(Series one) {
        return Ratios.of(panel, one, series)
                .map(ratio -> "<br>×" + Numbers.text(ratio))
                .orElse("");
    }

    private Optional<Series> find(String subject, double x) {
        return series.stream()
                .filter(one -> one.subject().equals(subject) && one.x() == x)
                .findFirst();
    }
}

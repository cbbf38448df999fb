package dev.sluice.benchmark.report;

import dev.sluice.benchmark.results.Panel;
import dev.sluice.benchmark.results.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;

/** One metric of a panel as a picture: medians over the axis, with bars as wide as their spread. */
record Plot(Panel panel, String metric, List<Series> series) {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 380;
    /** From so many times the smallest place to the largest on, small ones would all stand at the edge. */
    private static final double FAR = 50;

    /** {@return where it is, if there is more than one place on the axis: else there is nothing to see} */
    Optional<Path> write(Path folder) throws IOException {
        if (series.stream().map(Series::x).distinct().count() < 2) {
            return Optional.empty();
        }
        Files.createDirectories(folder);
        Path file = folder.resolve(fileName());
        BitmapEncoder.saveBitmap(chart(), file.toString(), BitmapEncoder.BitmapFormat.PNG);
        return Optional.of(file);
    }

    private String fileName() {
        return (panel.name() + "-" + metric).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.]+", "-") + ".png";
    }

    private XYChart chart() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(panel.title() + ": " + metric)
                .xAxisTitle(panel.xName())
                .yAxisTitle(series.get(0).unit())
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setXAxisLogarithmic(isFar());
        chart.getStyler().setYAxisMin(0.0);
        series.stream().map(Series::subject).distinct().forEach(subject -> draw(chart, subject));
        return chart;
    }

    private boolean isFar() {
        double[] places = series.stream().mapToDouble(Series::x).sorted().toArray();
        return places[0] > 0 && places[places.length - 1] / places[0] >= FAR;
    }

    /** The library's bars go as far up as down: the wider half of the spread is shown. */
    private void draw(XYChart chart, String subject) {
        List<Series> own = series.stream()
                .filter(one -> one.subject().equals(subject))
                .sorted(Comparator.comparing(Series::x))
                .toList();
        List<Spread> spreads = own.stream().map(one -> Spread.of(one.samples())).toList();
        chart.addSeries(
                subject,
                own.stream().mapToDouble(Series::x).toArray(),
                spreads.stream().mapToDouble(Spread::median).toArray(),
                spreads.stream()
                        .mapToDouble(one -> Math.max(one.high() - one.median(), one.median() - one.low()))
                        .toArray());
    }
}

package dev.sluice.itests.rollout;

import java.util.List;
import java.util.Locale;

/** A picture of a new version's share over time, as SVG that is readable on light and on dark ground. */
record SharesPicture(List<Panel> panels) {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 300;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 52;
    private static final int BOTTOM = 44;
    private static final int BETWEEN = 28;
    private static final double[] TICKS = {0, 1, 10, 50, 100};

    private static final String HEAD =
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
            <style>
            text { font: 12px system-ui, sans-serif; fill: #57606a }
            .title { font-weight: 600; fill: #24292f }
            .grid { stroke: #d0d7de; stroke-width: 1 }
            .wanted { fill: none; stroke: #bc4c00; stroke-width: 2 }
            .measured { fill: #0969da }
            @media (prefers-color-scheme: dark) {
              text { fill: #9198a1 }
              .title { fill: #f0f6fc }
              .grid { stroke: #3d444d }
              .wanted { stroke: #f0883e }
              .measured { fill: #58a6ff }
            }
            </style>
            """;

    /**
     * One rollout.
     *
     * @param title what is seen
     * @param samples one for each second
     */
    record Panel(String title, List<Sample> samples) {

        int seconds() {
            return samples.get(samples.size() - 1).second();
        }
    }

    /**
     * One second.
     *
     * @param second its number, from 1
     * @param wanted the share that the version is to have at its end, in percent
     * @param measured the share of the answers in it that were the version's, in percent
     * @param answers how many answers there were in it
     */
    record Sample(int second, double wanted, double measured, long answers) {}

    String csv() {
        StringBuilder csv = new StringBuilder("rollout,second,wanted,measured,answers\n");
        for (Panel panel : panels) {
            for (Sample sample : panel.samples()) {
                csv.append(text(
                        "%s,%d,%.1f,%.2f,%d\n",
                        panel.title().replace(",", ""),
                        sample.second(),
                        sample.wanted(),
                        sample.measured(),
                        sample.answers()));
            }
        }
        return csv.toString();
    }

    /** The panels stand side by side, with the same seconds as wide in each. */
    String svg() {
        StringBuilder svg = new StringBuilder(text(
                HEAD, WIDTH, HEIGHT, "The share of a new version over time: a good one, and one that is taken back"));
        int seconds = panels.stream().mapToInt(Panel::seconds).sum();
        double scale = (double) (WIDTH - LEFT - RIGHT - BETWEEN * (panels.size() - 1)) / seconds;
        legend(svg);
        double left = LEFT;
        for (Panel panel : panels) {
            draw(svg, panel, left, scale);
            left += panel.seconds() * scale + BETWEEN;
        }
        for (double tick : TICKS) {
            svg.append(text(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f %%</text>\n", LEFT - 8, y(tick) + 4, tick));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg) {
        svg.append(text("<path class=\"wanted\" d=\"M%d 14h24\"/>", LEFT));
        svg.append(text("<text x=\"%d\" y=\"18\">share that it is to have</text>\n", LEFT + 32));
        svg.append(text("<circle class=\"measured\" cx=\"%d\" cy=\"14\" r=\"2.5\"/>", LEFT + 200));
        svg.append(text("<text x=\"%d\" y=\"18\">share of the answers in each second</text>\n", LEFT + 210));
    }

    private static void draw(StringBuilder svg, Panel panel, double left, double scale) {
        double right = left + panel.seconds() * scale;
        svg.append(text("<text class=\"title\" x=\"%.1f\" y=\"%d\">%s</text>\n", left, TOP - 12, panel.title()));
        for (double tick : TICKS) {
            svg.append(text("<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/>\n", left, y(tick), right));
        }
        for (int second = 0; second <= panel.seconds(); second += 10) {
            svg.append(text(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d s</text>\n",
                    left + second * scale, HEIGHT - BOTTOM + 20, second));
        }
        StringBuilder wanted = new StringBuilder(text("M%.1f %.1f", left, y(0)));
        for (Sample sample : panel.samples()) {
            // The status at the end of a second is what the next one begins with; the edge was somewhere in between.
            double x = left + (sample.second() - 0.5) * scale;
            wanted.append(text("H%.1fV%.1f", x, y(sample.wanted())));
        }
        svg.append(text("<path class=\"wanted\" d=\"%sH%.1f\"/>\n", wanted, right));
        for (Sample sample : panel.samples()) {
            svg.append(text(
                    "<circle class=\"measured\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n",
                    left + (sample.second() - 0.5) * scale, y(sample.measured())));
        }
    }

    /** Logarithmic above half a percent and evenly below, as one percent is to be seen beside a hundred. */
    private static double y(double percent) {
        double lowest = 0.5;
        double part = percent <= lowest
                ? 0.1 * percent / lowest
                : 0.1 + 0.9 * Math.log(percent / lowest) / Math.log(100 / lowest);
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

package dev.sluice.benchmark.outside;

import dev.sluice.benchmark.results.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers samples, round by round. For one thread. */
public final class Samples {

    private record Key(String panel, String subject, double x, String metric, String unit) {}

    private final Map<Key, List<Double>> gathered = new LinkedHashMap<>();

    /** Adds one. */
    public void add(String panel, String subject, double x, String metric, String unit, double sample) {
        gathered.computeIfAbsent(new Key(panel, subject, x, metric, unit), any -> new ArrayList<>())
                .add(sample);
    }

    /** {@return all of them} */
    public List<Series> series() {
        return gathered.entrySet().stream()
                .map(entry -> new Series(
                        entry.getKey().panel(),
                        entry.getKey().subject(),
                        entry.getKey().x(),
                        entry.getKey().metric(),
                        entry.getKey().unit(),
                        entry.getValue()))
                .toList();
    }
}

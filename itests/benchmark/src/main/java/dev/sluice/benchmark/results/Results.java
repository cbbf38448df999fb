package dev.sluice.benchmark.results;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one run of a suite has measured.
 *
 * @param suite the suite's name
 * @param finished when it was over, for people to read
 * @param effort how long was measured: full or quick
 * @param machine on what
 * @param product the digest of the JAR that ships; null in what was written before it was noted
 * @param method how: a sentence each, with the versions and flags of whatever took part
 * @param leftOut what was not measured, and why
 * @param panels the panels
 * @param series the figures
 */
public record Results(
        String suite,
        String finished,
        String effort,
        Machine machine,
        String product,
        List<String> method,
        List<String> leftOut,
        List<Panel> panels,
        List<Series> series) {

    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeSpecialFloatingPointValues()
            .create();

    /** Keeps its own copies. */
    public Results {
        method = List.copyOf(method);
        leftOut = List.copyOf(leftOut);
        panels = List.copyOf(panels);
        series = List.copyOf(series);
    }

    /** {@return what was measured of a subject, if it was} */
    public Optional<Series> find(String panel, String subject, double x, String metric) {
        return series.stream()
                .filter(one -> one.panel().equals(panel)
                        && one.subject().equals(subject)
                        && one.x() == x
                        && one.metric().equals(metric))
                .findFirst();
    }

    /**
     * Writes it as JSON. What the last run of the suite has left is kept, for whoever asks whether two runs agree.
     *
     * @param folder where to
     * @return the file
     */
    public Path write(Path folder) throws IOException {
        Path file = Files.createDirectories(folder).resolve(suite + ".json");
        if (Files.exists(file)) {
            Path before = Files.createDirectories(before(folder)).resolve(suite + ".json");
            Files.move(file, before, StandardCopyOption.REPLACE_EXISTING);
        }
        return Files.writeString(file, GSON.toJson(this) + "\n");
    }

    /** {@return where the results of the runs before are, in a folder of results} */
    public static Path before(Path folder) {
        return folder.resolve("before");
    }

    /** {@return what a file says} */
    public static Results read(Path file) throws IOException {
        return GSON.fromJson(Files.readString(file), Results.class);
    }

    /** {@return what the files of a folder say, by name; none if there is no folder} */
    public static List<Results> all(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Results> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                all.add(read(file));
            }
        }
        return all;
    }
}

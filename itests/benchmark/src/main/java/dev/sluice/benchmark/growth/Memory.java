package dev.sluice.benchmark.growth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a JVM keeps after a collection, by the tools of its JDK.
 *
 * @param heap how much of the heap is in use, in KiB
 * @param metaspace how much of the metaspace is, in KiB
 */
record Memory(double heap, double metaspace) {

    static Memory of(long pid) throws IOException, InterruptedException {
        run("jcmd", String.valueOf(pid), "GC.run");
        return parse(run("jstat", "-gc", String.valueOf(pid)));
    }

    /** Columns by their names, as each collector has others. */
    static Memory parse(String jstat) {
        List<String> lines = jstat.strip().lines().toList();
        String[] names = lines.get(0).strip().split("\\s+");
        String[] values = lines.get(lines.size() - 1).strip().split("\\s+");
        double heap = 0;
        double metaspace = 0;
        for (int i = 0; i < names.length; i++) {
            switch (names[i]) {
                case "S0U", "S1U", "EU", "OU" -> heap += number(values[i]);
                case "MU" -> metaspace = number(values[i]);
                default -> {
                    // Capacities, and times.
                }
            }
        }
        if (heap == 0 || metaspace == 0) {
            throw new IllegalStateException("jstat tells of no memory in use:\n" + jstat);
        }
        return new Memory(heap, metaspace);
    }

    /**
     * What each of some more takes.
     *
     * @param more how many more
     * @param before what was kept without them
     */
    Memory forEach(int more, Memory before) {
        return new Memory((heap - before.heap) / more, (metaspace - before.metaspace) / more);
    }

    /** A collector without such a space says so with a dash. */
    private static double number(String value) {
        return value.equals("-") ? 0 : Double.parseDouble(value.replace(',', '.'));
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " has failed: " + output);
        }
        return output;
    }
}

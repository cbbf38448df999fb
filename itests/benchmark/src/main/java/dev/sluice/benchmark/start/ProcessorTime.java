package dev.sluice.benchmark.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What processors have done for a process and for those of its children that have ended: a script's, before it becomes a JVM. */
final class ProcessorTime {

    /** Linux counts in hundredths of a second for all programs, whatever it does inside. */
    private static final double MILLIS_PER_TICK = 10;

    /** The first field behind the command's name is the third. */
    private static final int BEHIND_NAME = 3;

    private static final int FIRST = 14;
    private static final int LAST = 17;

    private ProcessorTime() {}

    /** {@return milliseconds until now; empty where the system isn't Linux} */
    static Optional<Double> millis(long pid) throws IOException {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        return Files.isReadable(stat) ? Optional.of(parse(Files.readString(stat))) : Optional.empty();
    }

    /** A command's name may hold spaces and brackets. */
    static double parse(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
        long ticks = 0;
        for (int field = FIRST; field <= LAST; field++) {
            ticks += Long.parseLong(fields[field - BEHIND_NAME]);
        }
        return ticks * MILLIS_PER_TICK;
    }
}

package dev.sluice.benchmark.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What it was measured on.
 *
 * @param system the operating system and its version
 * @param processor the processor's model
 * @param processors how many the JVM may use
 * @param memory how much there is, in MiB; 0 if it isn't known
 * @param java the JVM and its version
 */
public record Machine(String system, String processor, int processors, long memory, String java) {

    private static final int KIB_PER_MIB = 1024;

    /** {@return this one} */
    public static Machine here() {
        return new Machine(
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                line("/proc/cpuinfo", "model name"),
                Runtime.getRuntime().availableProcessors(),
                memory(line("/proc/meminfo", "MemTotal")),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
    }

    private static long memory(String total) {
        String digits = total.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) / KIB_PER_MIB;
    }

    /** Only Linux tells so simply. */
    private static String line(String file, String key) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}

package dev.sluice.unload.explain;

import dev.sluice.conf.Durations;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a heap dump is looked through.
 *
 * @param memory the heap of the JVM that does it, in bytes; empty to choose it by the size of the dump
 * @param timeout how long that may take
 */
record ExplainSettings(OptionalLong memory, Duration timeout) {

    static final ExplainSettings DEFAULT = new ExplainSettings(OptionalLong.empty(), Duration.ofMinutes(10));

    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})\\s*([mMgG])");
    private static final long MEGABYTE = 1 << 20;
    private static final long LEAST = 64 * MEGABYTE;
    private static final long MOST = 2048 * MEGABYTE;
    private static final int SHARE = 3;

    /**
     * {@return the memory that a text asks for}
     *
     * @param text as {@code 512m} or {@code 2g}, or {@code auto}
     * @throws IllegalArgumentException if it is neither, or too little for a JVM; says what is allowed
     */
    static OptionalLong memory(String text) {
        if (text.trim().equals("auto")) {
            return OptionalLong.empty();
        }
        Matcher size = SIZE.matcher(text.trim());
        if (!size.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no size: write auto, or a size as 512m or 2g");
        }
        long bytes = Long.parseLong(size.group(1)) * (size.group(2).equalsIgnoreCase("g") ? 1024 : 1) * MEGABYTE;
        if (bytes < LEAST) {
            throw new IllegalArgumentException("\"" + text + "\" is too little: write auto, or 64m at least");
        }
        return OptionalLong.of(bytes);
    }

    /** {@return the timeout that a text asks for; fails with what is allowed} */
    static Duration timeout(String text) {
        Duration timeout = Durations.parse(text);
        if (timeout.isZero()) {
            throw new IllegalArgumentException("\"" + text + "\" is no time to look: write 1s at least");
        }
        return timeout;
    }

    /** {@return the heap for a dump of this size, in bytes: for the index, and two numbers for each object} */
    long memoryFor(long dump) {
        return memory.orElse(Math.min(MOST, LEAST + dump / SHARE));
    }
}

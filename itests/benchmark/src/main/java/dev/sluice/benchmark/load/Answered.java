package dev.sluice.benchmark.load;

import java.util.Locale;

/**
 * An answer's head, as far as the load looks at it.
 *
 * @param status its status
 * @param length how long its body is; -1 if the head doesn't say
 * @param first the version that the first filter has left; null if it hasn't
 * @param last the version that the last filter has left; null if it hasn't
 * @param closes whether the connection ends with it
 */
record Answered(int status, long length, String first, String last, boolean closes) {

    static Answered parse(String head) {
        String[] lines = head.split("\r\n");
        String[] start = lines[0].split(" ", 3);
        if (start.length < 2 || !start[0].startsWith("HTTP/1.")) {
            throw new IllegalArgumentException("no answer of HTTP/1.1: " + lines[0]);
        }
        long length = -1;
        String first = null;
        String last = null;
        boolean closes = false;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String value = lines[i].substring(colon + 1).strip();
            switch (lines[i].substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "x-first" -> first = joined(first, value);
                case "x-last" -> last = joined(last, value);
                case "connection" -> closes = value.equalsIgnoreCase("close");
                default -> {
                    // Says nothing that matters here.
                }
            }
        }
        return new Answered(Integer.parseInt(start[1]), length, first, last, closes);
    }

    /** {@return whether one of the two filters was not there} */
    boolean isUnfiltered() {
        return first == null || last == null;
    }

    /** {@return whether the two are not of one version, or one of them was there twice} */
    boolean isMixed() {
        return !isUnfiltered() && (!first.equals(last) || first.contains(","));
    }

    /** As HTTP has a header that comes twice. */
    private static String joined(String before, String value) {
        return before == null ? value : before + ", " + value;
    }
}

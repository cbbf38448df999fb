package dev.sluice.chain.failure;

/** Texts of foreign origin, as they may stand in the log: bounded, and with no way to look like a record of their own. */
public final class LogText {

    private static final String INDENT = System.lineSeparator() + "        ";

    private LogText() {}

    /**
     * One line.
     *
     * @param text the text
     * @param limit how many characters of it at most
     * @return the text, with each control character as {@code \}{@code uXXXX}
     */
    public static String line(String text, int limit) {
        return sanitised(text, limit, null);
    }

    /** {@return the text, whose later lines are indented} */
    static String lines(String text, int limit) {
        return sanitised(text, limit, INDENT);
    }

    private static String sanitised(String text, int limit, String lineBreak) {
        StringBuilder sane = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length() && i < limit; i++) {
            char c = text.charAt(i);
            if (c == '\n' && lineBreak != null) {
                sane.append(lineBreak);
            } else if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                sane.append(String.format("\\u%04x", (int) c));
            } else {
                sane.append(c);
            }
        }
        return text.length() > limit ? sane.append("...").toString() : sane.toString();
    }
}

package dev.sluice.proxy.upstream;

/** What clients and upstreams have a say in, as it may stand in the log: bounded, and with no way to look like a line of its own. */
public final class LogText {

    private LogText() {}

    /**
     * One line.
     *
     * @param text the text
     * @param limit how many characters of it at most
     * @return the text, with each control character, line separator and change of direction as {@code \}{@code uXXXX}
     */
    public static String line(String text, int limit) {
        StringBuilder sane = new StringBuilder(Math.min(text.length(), limit));
        int i = 0;
        while (i < text.length() && i < limit) {
            int c = text.codePointAt(i);
            if (isPlain(c)) {
                sane.appendCodePoint(c);
            } else {
                sane.append(String.format("\\u%04x", c));
            }
            i += Character.charCount(c);
        }
        return text.length() > limit ? sane.append("...").toString() : sane.toString();
    }

    private static boolean isPlain(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}

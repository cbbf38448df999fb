package dev.sluice.heap;

/**
 * What the program prints: lines of fields with tabs between them. A path begins with a line {@code ROOT}, and has a line {@code
 * STEP} for each object: how the one before leads to it, what it is, its bundle, and whether it is of the class loader in question.
 * A line {@code SOFT} before a path says that only soft references, or finalization, lead to it.
 */
final class Protocol {

    private Protocol() {}

    static String root(String words) {
        return "ROOT\t" + plain(words);
    }

    static String step(String link, String object, String bundle, boolean own) {
        return "STEP\t" + plain(link) + "\t" + plain(object) + "\t" + plain(bundle) + "\t" + (own ? "own" : "other");
    }

    static String soft() {
        return "SOFT";
    }

    /** Names come from bundles: none of them makes a line, or a field, of its own. */
    private static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(plain::appendCodePoint);
        return plain.toString();
    }
}

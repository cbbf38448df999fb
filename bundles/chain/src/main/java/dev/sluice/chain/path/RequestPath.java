package dev.sluice.chain.path;

import java.util.Arrays;

/** What the chain needs to know about a request's decoded path. */
public final class RequestPath {

    /** Of which characters more is to be asked: one look tells for most of a path that there is nothing about them. */
    private static final boolean[] SPECIAL = new boolean[128];

    static {
        Arrays.fill(SPECIAL, 0, ' ', true);
        "/\\;%\u007f".chars().forEach(c -> SPECIAL[c] = true);
    }

    private RequestPath() {}

    /**
     * Tells whether two readers could take the path for different ones: it has empty or dot segments, a backslash, a path
     * parameter, a control character or an escape (a percent sign and two digits, which was {@code %25} before) left in it
     * after the servlet container has decoded and normalised it. A middleware would judge one path and the servlet serve
     * another.
     *
     * @param path the decoded path
     * @return whether it must be refused
     */
    public static boolean isAmbiguous(String path) {
        int length = path.length();
        if (length == 0 || path.charAt(0) != '/') {
            return true;
        }
        int segment = 1;
        for (int i = 1; i < length; i++) {
            char c = path.charAt(i);
            if (c >= SPECIAL.length || !SPECIAL[c]) {
                continue;
            }
            if (c != '/') {
                if (c != '%' || isEscape(path, i)) {
                    return true;
                }
            } else if (i == segment || isDots(path, segment, i)) {
                return true;
            } else {
                segment = i + 1;
            }
        }
        return isDots(path, segment, length);
    }

    private static boolean isEscape(String path, int at) {
        return at + 2 < path.length()
                && Character.digit(path.charAt(at + 1), 16) >= 0
                && Character.digit(path.charAt(at + 2), 16) >= 0;
    }

    private static boolean isDots(String path, int from, int to) {
        int length = to - from;
        return length > 0 && length <= 2 && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
    }

    /** {@return what follows the last dot of the last segment, or the empty string} */
    static String extension(String path) {
        int dot = extensionStart(path);
        return dot < 0 ? "" : path.substring(dot);
    }

    /** {@return where the extension begins, or -1 if the last segment has none} */
    static int extensionStart(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') && dot + 1 < path.length() ? dot + 1 : -1;
    }
}

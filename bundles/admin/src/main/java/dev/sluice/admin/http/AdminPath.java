package dev.sluice.admin.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Where a request goes, decided on the path that the container dispatches on, once it is sure that there is only one way to
 * read it.
 *
 * @param area the part of the admin
 * @param path the decoded path
 */
public record AdminPath(Area area, String path) {

    /** The parts of the admin; all else is nowhere. */
    public enum Area {
        /** {@code /health/live}. */
        LIVE,
        /** {@code /health/ready}. */
        READY,
        /** {@code /api/v1/status}. */
        STATUS,
        /** {@code /api/v1/trip/reset}. */
        TRIP_RESET,
        /** {@code /api/v1/rollback}. */
        ROLL_BACK,
        /** {@code /api/v1/rollforward}. */
        ROLL_FORWARD,
        /** {@code /api/v1/rollout/pause}. */
        ROLLOUT_PAUSE,
        /** {@code /api/v1/rollout/resume}. */
        ROLLOUT_RESUME,
        /** {@code /api/v1/rollout/promote}. */
        ROLLOUT_PROMOTE,
        /** {@code /api/v1/rollout/abort}. */
        ROLLOUT_ABORT,
        /** {@code /api/v1/unload/explain}. */
        UNLOAD_EXPLAIN,
        /** {@code /system/console} and all below it. */
        CONSOLE,
        /** A path that the admin doesn't serve. */
        NOWHERE,
        /** A path that some may read as another. */
        AMBIGUOUS
    }

    /** Where the web console is. */
    public static final String CONSOLE = "/system/console";

    private static final String HEX = "0123456789abcdefABCDEF";
    /** Dot segments, empty segments and backslashes, in a decoded path. */
    private static final Pattern TRICK = Pattern.compile("//|\\\\|(^|/)\\.{1,2}(/|$)|[\\x00-\\x1f\\x7f]");

    /** {@return where the request goes} */
    public static AdminPath of(HttpServletRequest request) {
        // Put together as Felix HTTP does when it looks for the servlet.
        String dispatched = plain(request.getServletPath()) + plain(request.getPathInfo());
        return of(plain(request.getRequestURI()), dispatched);
    }

    /**
     * {@return where a request goes}
     *
     * @param sent the path as the client sent it
     * @param dispatched the path as the container decoded it
     */
    static AdminPath of(String sent, String dispatched) {
        return new AdminPath(isAmbiguous(sent, dispatched) ? Area.AMBIGUOUS : area(dispatched), dispatched);
    }

    /** {@return the path below the console's root, with its leading slash; empty for the root itself} */
    public String inConsole() {
        return path.substring(CONSOLE.length());
    }

    private static Area area(String path) {
        return switch (path) {
            case "/health/live" -> Area.LIVE;
            case "/health/ready" -> Area.READY;
            case "/api/v1/status" -> Area.STATUS;
            case "/api/v1/trip/reset" -> Area.TRIP_RESET;
            case "/api/v1/rollback" -> Area.ROLL_BACK;
            case "/api/v1/rollforward" -> Area.ROLL_FORWARD;
            case "/api/v1/rollout/pause" -> Area.ROLLOUT_PAUSE;
            case "/api/v1/rollout/resume" -> Area.ROLLOUT_RESUME;
            case "/api/v1/rollout/promote" -> Area.ROLLOUT_PROMOTE;
            case "/api/v1/rollout/abort" -> Area.ROLLOUT_ABORT;
            case "/api/v1/unload/explain" -> Area.UNLOAD_EXPLAIN;
            case CONSOLE -> Area.CONSOLE;
            default -> path.startsWith(CONSOLE + "/") ? Area.CONSOLE : Area.NOWHERE;
        };
    }

    private static boolean isAmbiguous(String sent, String dispatched) {
        if (!sent.startsWith("/")
                || sent.indexOf(';') >= 0
                || TRICK.matcher(sent).find()) {
            return true;
        }
        String decoded = decode(sent);
        return decoded == null
                || !decoded.equals(dispatched)
                || TRICK.matcher(decoded).find();
    }

    /** {@return the decoded path; null if it isn't UTF-8, or hides a character that has a meaning of its own} */
    private static String decode(String sent) {
        ByteBuffer bytes = ByteBuffer.allocate(sent.length() * 3);
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            if (c != '%') {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= sent.length() || HEX.indexOf(sent.charAt(i + 1)) < 0 || HEX.indexOf(sent.charAt(i + 2)) < 0) {
                return null;
            }
            int value = Integer.parseInt(sent, i + 1, i + 3, 16);
            if ("/\\.;%?#".indexOf(value) >= 0) {
                return null;
            }
            bytes.put((byte) value);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String plain(String text) {
        return text == null ? "" : text;
    }
}

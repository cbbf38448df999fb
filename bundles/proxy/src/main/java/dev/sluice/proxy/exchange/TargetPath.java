package dev.sluice.proxy.exchange;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The path that an upstream is asked for. Upstreams read paths in more ways than one, so none is passed on as it came: what is
 * sent is built anew from what was decoded, and only if that is the path which the chain has matched. Path parameters are
 * kept if no reader could take them for a part of the path.
 */
final class TargetPath {

    /** RFC 3986, 3.3: what a segment is written with unescaped. */
    private static final String PLAIN = "-._~!$&'()*+,=:@";

    private static final String HEX = "0123456789ABCDEF";

    private TargetPath() {}

    /**
     * Builds the path.
     *
     * @param raw the path as the client sent it
     * @param matched the path that the chain has matched: decoded, without path parameters
     * @param strip what is taken off its front (decoded); empty for nothing
     * @return the path, in canonical form; empty if the two paths aren't the same
     */
    static Optional<String> of(String raw, String matched, String strip) {
        if (raw == null || !raw.startsWith("/") || !(matched + "/").startsWith(strip + "/")) {
            return Optional.empty();
        }
        List<String> sent = new ArrayList<>();
        List<String> decoded = new ArrayList<>();
        String[] segments = raw.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            String segment = segments[i];
            if (segment.equals(".") || segment.equals("..")) {
                if (segment.equals("..") && !decoded.isEmpty()) {
                    decoded.remove(decoded.size() - 1);
                    sent.remove(sent.size() - 1);
                }
                if (last) {
                    decoded.add("");
                    sent.add("");
                }
                continue;
            }
            int parameters = segment.indexOf(';');
            String name = parameters < 0 ? segment : segment.substring(0, parameters);
            Optional<String> read = decode(name);
            if (read.isEmpty()
                    || isAmbiguous(read.get(), last)
                    || parameters >= 0 && !areHarmless(segment, parameters)) {
                return Optional.empty();
            }
            decoded.add(read.get());
            sent.add(encode(read.get()) + (parameters < 0 ? "" : segment.substring(parameters)));
        }
        if (!("/" + String.join("/", decoded)).equals(matched)) {
            return Optional.empty();
        }
        int stripped =
                strip.isEmpty() ? 0 : (int) strip.chars().filter(c -> c == '/').count();
        return Optional.of("/" + String.join("/", sent.subList(Math.min(stripped, sent.size()), sent.size())));
    }

    /**
     * Makes a query safe to be sent.
     *
     * @param query the query as the client sent it, or null
     * @return with its question mark, and with what may not stand in one escaped; empty if there is none
     */
    static String query(String query) {
        if (query == null) {
            return "";
        }
        StringBuilder escaped = new StringBuilder(query.length() + 1).append('?');
        byte[] bytes = query.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            // A percent sign that escapes nothing is one itself; the library reads it so only if it is escaped.
            boolean stays = bytes[i] == '%' ? isEscape(bytes, i) : isPlain(bytes[i]) || "/?;[]".indexOf(bytes[i]) >= 0;
            if (stays) {
                escaped.append((char) bytes[i]);
            } else {
                escape(bytes[i], escaped);
            }
        }
        return escaped.toString();
    }

    private static boolean isEscape(byte[] bytes, int at) {
        return at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }

    private static boolean isAmbiguous(String segment, boolean last) {
        return segment.isEmpty() && !last
                || segment.equals(".")
                || segment.equals("..")
                || segment.chars().anyMatch(c -> c == '/' || c == '\\' || c == ';' || c < ' ' || c == 127)
                || hasEscape(segment);
    }

    /** {@return whether one who decodes a second time would find something else in it} */
    private static boolean hasEscape(String segment) {
        byte[] bytes = segment.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && isEscape(bytes, i)) {
                return true;
            }
        }
        return false;
    }

    /** Nothing that a reader who decodes first and cuts afterwards would find a path in. */
    private static boolean areHarmless(String segment, int from) {
        return segment.chars().skip(from).allMatch(c -> isPlain(c) || c == ';')
                && !segment.substring(from).contains("..");
    }

    private static boolean isPlain(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
    }

    private static Optional<String> decode(String segment) {
        byte[] raw = segment.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.put(raw[i]);
                continue;
            }
            if (!isEscape(raw, i)) {
                return Optional.empty();
            }
            bytes.put((byte) (Character.digit(raw[i + 1], 16) << 4 | Character.digit(raw[i + 2], 16)));
            i += 2;
        }
        try {
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String encode(String segment) {
        StringBuilder encoded = new StringBuilder(segment.length());
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(b)) {
                encoded.append((char) b);
            } else {
                escape(b, encoded);
            }
        }
        return encoded.toString();
    }

    private static void escape(byte b, StringBuilder into) {
        into.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
    }
}

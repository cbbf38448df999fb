package dev.sluice.itests.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests that came by a connection, read as strictly as RFC 9112 allows: what is accepted here every server reads in
 * the same way. Whatever isn't is an {@link AssertionError} that shows it.
 */
final class Requests {

    private static final Pattern LINE =
            Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+) ((?:/[!-~]*|\\*)) HTTP/1\\.1\r\n");
    private static final Pattern FIELD = Pattern.compile(
            "([-!#$%&'*+.^_`|~0-9A-Za-z]+): ((?:[!-~\u0080-\u00ff](?:[ -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?)\r\n");
    private static final Pattern CHUNK = Pattern.compile("([0-9A-Fa-f]{1,8})\r\n");

    private final String bytes;
    private int at;

    private Requests(String bytes) {
        this.bytes = bytes;
    }

    /**
     * A request.
     *
     * @param target its target
     * @param head all of its head
     * @param body its body, chunks joined
     */
    record Request(String method, String target, String head, String body) {}

    /** Where the bytes end too early. */
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * Reads them.
     *
     * @param bytes all that came
     * @param closed whether the connection was closed then: nobody takes a request for whole that is cut off by that
     * @return all whole ones; the bytes have to end where the last one does, or with the connection
     */
    static List<Request> in(String bytes, boolean closed) {
        Requests reader = new Requests(bytes);
        List<Request> all = new ArrayList<>();
        try {
            while (reader.at < bytes.length()) {
                all.add(reader.next());
            }
        } catch (Cut cut) {
            if (!closed) {
                throw new AssertionError("the upstream waits for the rest of:\n" + bytes);
            }
        }
        return all;
    }

    private Request next() {
        int from = at;
        Matcher line = expect(LINE, "request line");
        int hosts = 0;
        List<String> framing = new ArrayList<>();
        long length = 0;
        boolean chunked = false;
        while (!bytes.startsWith("\r\n", at)) {
            Matcher field = expect(FIELD, "field");
            String name = field.group(1).toLowerCase(Locale.ROOT);
            String value = field.group(2);
            hosts += name.equals("host") ? 1 : 0;
            if (name.equals("content-length")) {
                framing.add(field.group());
                require(value.matches("\\d{1,18}"), "length");
                length = Long.parseLong(value);
            } else if (name.equals("transfer-encoding")) {
                framing.add(field.group());
                require(value.equals("chunked"), "\"chunked\"");
                chunked = true;
            }
        }
        at += 2;
        require(hosts == 1, "single Host");
        require(framing.size() <= 1, "single length, but " + framing);
        String head = bytes.substring(from, at);
        return new Request(line.group(1), line.group(2), head, chunked ? chunks() : take(length));
    }

    private String chunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(expect(CHUNK, "size of a chunk").group(1), 16);
            if (size == 0) {
                while (!bytes.startsWith("\r\n", at)) {
                    expect(FIELD, "trailer");
                }
                at += 2;
                return body.toString();
            }
            body.append(take(size));
            require(take(2).equals("\r\n"), "end of a chunk");
        }
    }

    private String take(long length) {
        if (at + length > bytes.length()) {
            throw new Cut();
        }
        at += (int) length;
        return bytes.substring(at - (int) length, at);
    }

    private Matcher expect(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(bytes).region(at, bytes.length());
        if (!matcher.lookingAt() && bytes.indexOf("\r\n", at) < 0) {
            throw new Cut();
        }
        require(matcher.lookingAt(), what);
        at = matcher.end();
        return matcher;
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("the upstream got no " + what + " at byte " + at + " of:\n" + bytes);
        }
    }
}

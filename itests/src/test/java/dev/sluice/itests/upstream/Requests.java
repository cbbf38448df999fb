package dev.sluice.itests.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The requests that came by a connection, read as strictly as RFC 9112 allows: what is accepted here every server reads in
 * the same way. Whatever isn't is an {@link AssertionError} that shows it.
 */
final class Requests {

    private static final Pattern LINE = Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+) ((?:/|\\*|http://)[!-~]*) HTTP/1\\.1\r\n");
    private static final Pattern FIELD =
            Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+): ((?:[!-~\u0080-\u00ff](?:[ -~\u0080-\u00ff]*[!-~\u0080-\u00ff])?)?)\r\n");
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

    /** {@return all of them; the bytes have to end where the last one does} */
    static List<Request> in(String bytes) {
        Requests reader = new Requests(bytes);
        List<Request> all = new ArrayList<>();
        while (reader.at < bytes.length()) {
            all.add(reader.next());
        }
        return all;
    }

    private Request next() {
        int from = at;
        Matcher line = expect(LINE, "a request line");
        int hosts = 0;
        List<String> framing = new ArrayList<>();
        long length = 0;
        boolean chunked = false;
        while (!bytes.startsWith("\r\n", at)) {
            Matcher field = expect(FIELD, "a field");
            String name = field.group(1).toLowerCase(java.util.Locale.ROOT);
            String value = field.group(2);
            hosts += name.equals("host") ? 1 : 0;
            if (name.equals("content-length")) {
                framing.add(field.group());
                require(value.matches("\\d{1,18}"), "a length");
                length = Long.parseLong(value);
            } else if (name.equals("transfer-encoding")) {
                framing.add(field.group());
                require(value.equals("chunked"), "\"chunked\"");
                chunked = true;
            }
        }
        at += 2;
        require(hosts == 1, "one Host");
        require(framing.size() <= 1, "one length, not " + framing);
        String head = bytes.substring(from, at);
        return new Request(line.group(1), line.group(2), head, chunked ? chunks() : take(length));
    }

    private String chunks() {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(expect(CHUNK, "a chunk's size").group(1), 16);
            if (size == 0) {
                while (!bytes.startsWith("\r\n", at)) {
                    expect(FIELD, "a trailer");
                }
                at += 2;
                return body.toString();
            }
            body.append(take(size));
            require(bytes.startsWith("\r\n", at), "a chunk's end");
            at += 2;
        }
    }

    private String take(long length) {
        require(at + length <= bytes.length(), "a body of " + length + " bytes");
        at += (int) length;
        return bytes.substring(at - (int) length, at);
    }

    private Matcher expect(Pattern pattern, String what) {
        Matcher matcher = pattern.matcher(bytes).region(at, bytes.length());
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

package dev.sluice.itests.wire;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whole requests for a path that are strange in all but the path: methods, versions, headers, bodies, other protocols. */
public final class Envelopes {

    private Envelopes() {}

    /**
     * Makes them.
     *
     * @param path the path in its plain spelling
     * @param host the authority of the server
     * @return bytes to send, by a name
     */
    public static Map<String, String> of(String path, String host) {
        Map<String, String> all = new LinkedHashMap<>();
        String end = "Host: " + host + "\r\nConnection: close\r\n\r\n";
        for (String method : List.of(
                "GET",
                "HEAD",
                "POST",
                "PUT",
                "DELETE",
                "OPTIONS",
                "TRACE",
                "PATCH",
                "PROPFIND",
                "MOVE",
                "CONNECT",
                "get",
                "Get",
                "FOO",
                "G%45T",
                "PRI",
                "ERROR",
                "ASYNC",
                "*",
                "")) {
            all.put("method " + method, method + " " + path + " HTTP/1.1\r\n" + end);
        }
        for (String version : List.of(
                "HTTP/1.0",
                "HTTP/0.9",
                "HTTP/1.2",
                "HTTP/2.0",
                "HTTP/3",
                "http/1.1",
                "HTTP/1.1 ",
                "HTTP/1.1x",
                "HTTPS/1.1",
                "",
                " ")) {
            all.put("version " + version, "GET " + path + " " + version + "\r\n" + end);
        }
        all.put("HTTP/0.9", "GET " + path + "\r\n");
        all.put("HTTP/1.0 without Host", "GET " + path + " HTTP/1.0\r\n\r\n");
        all.put("HTTP/1.0 with a full target", "GET http://" + host + path + " HTTP/1.0\r\n\r\n");
        all.put("HTTP/1.1 without Host", "GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n");
        all.put("two hosts", "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + end);
        all.put("an empty host", "GET " + path + " HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n");
        all.put("a host with a path", "GET " + path + " HTTP/1.1\r\nHost: x/open\r\nConnection: close\r\n\r\n");
        all.put("a host with a path up", "GET /admin HTTP/1.1\r\nHost: x" + path + "\r\nConnection: close\r\n\r\n");
        all.put("bare line feeds", "GET " + path + " HTTP/1.1\n" + end.replace("\r\n", "\n"));
        all.put("bare carriage returns", "GET " + path + " HTTP/1.1\r" + end.replace("\r\n", "\r") + "\r\n\r\n");
        all.put("an empty line first", "\r\n\r\nGET " + path + " HTTP/1.1\r\n" + end);
        all.put("a space first", " GET " + path + " HTTP/1.1\r\n" + end);
        all.put("two spaces", "GET  " + path + "  HTTP/1.1\r\n" + end);
        all.put("tabs", "GET\t" + path + "\tHTTP/1.1\r\n" + end);
        all.put("a space in the path", "GET /open " + path + " HTTP/1.1\r\n" + end);
        all.put("a folded header", "GET " + path + " HTTP/1.1\r\nX-Fold: a\r\n b\r\n" + end);
        all.put("CONNECT to the path", "CONNECT " + path + " HTTP/1.1\r\n" + end);
        all.put(
                "CONNECT to an authority",
                "CONNECT " + host + " HTTP/1.1\r\nHost: " + host + "\r\n\r\nGET " + path + " HTTP/1.1\r\n" + end);
        all.put("OPTIONS of the server", "OPTIONS * HTTP/1.1\r\n" + end);
        all.put("GET of the server", "GET * HTTP/1.1\r\n" + end);
        all.put("OPTIONS without a path", "OPTIONS http://" + host + " HTTP/1.1\r\n" + end);
        for (String header : List.of(
                "X-Original-URL: " + path,
                "X-Rewrite-URL: " + path,
                "X-Forwarded-Prefix: " + path,
                "X-Forwarded-Path: " + path,
                "X-Forwarded-Uri: " + path,
                "X-HTTP-Method-Override: PUT",
                "Location: " + path,
                "Forwarded: for=127.0.0.1;host=" + host + ";proto=https",
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Host: localhost",
                "Referer: http://" + host + path,
                "X-Ran: denier 1.0.0",
                "dev.sluice.chain.admitted: true",
                "Expect: 100-continue",
                "Expect: 200-ok",
                "Upgrade: websocket",
                "Content-Type: multipart/form-data; boundary=x",
                "Range: bytes=0-1",
                "TE: trailers",
                "Max-Forwards: 0",
                "Connection: X-Forwarded-For",
                "Authorization: Basic YWRtaW46YWRtaW4=",
                "Cookie: JSESSIONID=../../x")) {
            all.put("header " + header, "GET " + path + " HTTP/1.1\r\n" + header + "\r\n" + end);
            if (header.contains(path)) {
                all.put("elsewhere, with header " + header, "GET / HTTP/1.1\r\n" + header + "\r\n" + end);
            }
        }
        String hidden = "GET " + path + " HTTP/1.1\r\n" + end;
        all.put("pipelined", "GET /open HTTP/1.1\r\nHost: " + host + "\r\n\r\n" + hidden);
        all.put(
                "pipelined behind a body",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 2\r\n\r\nxy" + hidden);
        all.put(
                "in a body",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + hidden.length() + "\r\n\r\n"
                        + hidden);
        all.put(
                "smuggled by two lengths",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\nContent-Length: " + hidden.length()
                        + "\r\n\r\n" + hidden);
        all.put(
                "smuggled by length and chunks",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + (hidden.length() + 5)
                        + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden);
        all.put(
                "smuggled by a strange encoding",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden);
        all.put(
                "smuggled by a space before the colon",
                "POST /open HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden);
        all.put(
                "smuggled by an unread body",
                "POST /admin/x HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: " + hidden.length() + "\r\n\r\n"
                        + hidden);
        all.put(
                "upgraded to h2c",
                "GET " + path + " HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\nHost: " + host + "\r\n\r\n");
        all.put("h2c with prior knowledge", h2c(path, host));
        all.put("a TLS hello", "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0000");
        all.put("the PROXY protocol", "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n" + hidden);
        all.put("a query of 100 kB", "GET " + path + "?" + "x".repeat(100_000) + " HTTP/1.1\r\n" + end);
        all.put("a path of 6 kB", "GET /open" + "/../open".repeat(750) + "/.." + path + " HTTP/1.1\r\n" + end);
        return all;
    }

    /** The preface, empty settings, and the headers of a GET as literals without Huffman coding and without the table. */
    private static String h2c(String path, String host) {
        StringBuilder headers = new StringBuilder();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(":method", "GET");
        fields.put(":scheme", "http");
        fields.put(":path", path);
        fields.put(":authority", host);
        fields.forEach((name, value) -> headers.append('\u0000')
                .append((char) name.length())
                .append(name)
                .append((char) value.length())
                .append(value));
        return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "") + frame(1, 5, 1, headers.toString());
    }

    private static String frame(int type, int flags, int stream, String payload) {
        int length = payload.length();
        return "" + (char) (length >> 16) + (char) (length >> 8 & 0xff) + (char) (length & 0xff) + (char) type
                + (char) flags + "\u0000\u0000\u0000" + (char) stream + payload;
    }
}

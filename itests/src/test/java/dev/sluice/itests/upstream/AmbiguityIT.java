package dev.sluice.itests.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.upstream.Requests.Request;
import dev.sluice.itests.wire.Envelopes;
import dev.sluice.itests.wire.Spellings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Requests that servers read in different ways, on raw connections, through to an upstream that keeps every byte: they are
 * refused, or forwarded as one request that can be read in one way only, with the path that middleware has seen.
 */
@Tag("process")
@Tag("one-java")
class AmbiguityIT {

    private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private Scripted upstream;
    private SluiceProcess sluice;

    @BeforeEach
    void start() throws IOException {
        upstream = Scripted.doing(Echo::play);
        sluice = sluices.start(SluiceProcess.on(sluices.home()).args("--upstream", upstream.address()));
        sluice.home()
                .copy(
                        TestBundle.of("test.seen", "1.0.0")
                                .header("Bundle-Activator", "upstream.Seen")
                                .imports("org.osgi.framework")
                                .imports("jakarta.servlet")
                                .imports("jakarta.servlet.http")
                                .imports("dev.sluice.middleware;version=\"[1.0,2)\"")
                                .fixture("upstream.Seen")
                                .jar(),
                        "seen.jar");
        Await.until(() -> assertThat(sluice.status().serving("seen")).contains("1.0.0"));
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    @Test
    void nothingIsSmuggled() {
        Map<String, String> corpus = new LinkedHashMap<>();
        smuggling()
                .forEach((name, request) -> corpus.put(
                        name,
                        request.replace("/here", "/here/" + corpus.size())
                                .replace("/smuggled", isNext(name) ? "/next" : "/smuggled")));

        Map<String, String> answers = answers(corpus);

        Map<String, List<Request>> came = new TreeMap<>();
        List<String> names = List.copyOf(corpus.keySet());
        forwarded().forEach(request -> came.computeIfAbsent(request.target().split("\\?")[0], any -> new ArrayList<>())
                .add(request));
        assertThat(came.keySet()).noneMatch(target -> target.contains("smuggled"));
        assertThat(came).allSatisfy((target, requests) -> {
            if (target.startsWith("/here")) {
                assertThat(requests).as(target).hasSize(1);
            }
        });
        int refused = 0;
        for (String name : names) {
            boolean arrived = came.containsKey("/here/" + names.indexOf(name));
            String answer = answers.get(name);
            // Of one that has arrived the answer says little: its connection may have been given up meanwhile.
            if (!arrived) {
                assertThat(answer).as(name).matches("(?s)(HTTP/1\\.1 (4\\d\\d|50[0135]) .*)?");
                refused++;
            }
            assertThat(answer.split("HTTP/1\\.1 ", -1).length - 1)
                    .as("answers to %s: %s", name, answer)
                    .isLessThanOrEqualTo(2);
        }
        assertThat(came.values().stream().flatMap(List::stream)).allSatisfy(request -> assertThat(request.head())
                .doesNotContainIgnoringCase("X-Secret")
                .doesNotContainIgnoringCase("Keep-Alive:")
                .doesNotContainIgnoringCase("Proxy-Connection:")
                .doesNotContainIgnoringCase("Upgrade:"));
        assertThat(refused).as("refused of %s", names.size()).isGreaterThan(30);
        assertThat(came.size()).as("forwarded of %s", names.size()).isGreaterThan(10);
        System.out.println("smuggling: " + refused + " refused, " + came.size() + " forwarded: "
                + names.stream()
                        .filter(name -> came.containsKey("/here/" + names.indexOf(name)))
                        .toList());
    }

    @Test
    void theUpstreamGetsThePathThatMiddlewareHasSeen() {
        String host = sluice.data().getAuthority();
        Map<String, String> corpus = new LinkedHashMap<>();
        for (String path : List.of("/admin/secret", "/z%C3%BCrich/a")) {
            Spellings.of(path, host)
                    .forEach(target -> corpus.put(
                            target, "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
            Envelopes.of(path, host).forEach((name, bytes) -> corpus.put(name + ": " + path, bytes));
        }

        Map<String, String> answers = answers(corpus);

        Pattern both = Pattern.compile("(?s)^HTTP/1\\.1 200 .*");
        Map<String, String> compared = new TreeMap<>();
        answers.forEach((name, answer) -> {
            List<String> got = headers(answer, "X-Got");
            List<String> seen = headers(answer, "X-Seen");
            assertThat(got.size())
                    .as("passed by the middleware: %s: %s", name, answer)
                    .isLessThanOrEqualTo(seen.size());
            for (int i = 0; i < got.size() && got.size() == seen.size(); i++) {
                assertThat(plain(got.get(i))).as(name).isEqualTo(URLDecoder.decode(seen.get(i), UTF_8));
                compared.put(name + i, got.get(i));
            }
            assertThat(!got.isEmpty() || !both.matcher(answer).matches() || answer.contains("Allow: "))
                    .as("%s was answered by nobody: %s", name, answer)
                    .isTrue();
        });
        assertThat(forwarded()).hasSizeGreaterThanOrEqualTo(compared.size());
        assertThat(compared).hasSizeGreaterThan(100);
        System.out.println("paths: " + compared.size() + " forwarded of " + corpus.size());
    }

    /** {@return whether what is hidden is by all rules the next request} Nobody may take these names for those of a length. */
    private static boolean isNext(String name) {
        return name.contains("Transfer_Encoding")
                || name.contains("Transfer") && !name.contains("length")
                || name.matches("Content-Length: (0,0|0<d><a>Content-Length: 0|0{20})")
                || name.equals("Content_Length: 5")
                || name.equals("X-Nothing: none")
                || name.equals("Connection: Content-Length<d><a>Content-Length: 0");
    }

    /** Reads a target as the simplest reader does: nothing but a cut at the question mark, and one decoding. */
    private static String plain(String target) {
        String path = target.split("\\?", 2)[0];
        assertThat(path).doesNotContain("//", "\\").doesNotContainPattern("(?i)%2f|%5c|%00|%3b|%0a|%0d|%25(2f|2e|5c)");
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            String name = URLDecoder.decode(segment.split(";", 2)[0].replace("+", "%2B"), UTF_8);
            assertThat(name).isNotIn(".", "..");
            segments.add(name);
        }
        return String.join("/", segments);
    }

    private static List<String> headers(String answer, String name) {
        List<String> values = new ArrayList<>();
        Matcher matcher = Pattern.compile("\r\n" + name + ": ([^\r]*)").matcher(answer);
        while (matcher.find()) {
            values.add(matcher.group(1));
        }
        return values;
    }

    /** All that came, of all connections. */
    private List<Request> forwarded() {
        return upstream.connections().stream()
                .flatMap(connection -> Requests.in(connection.received(), connection.isOver()).stream())
                .toList();
    }

    private static Map<String, String> smuggling() {
        Map<String, String> all = new LinkedHashMap<>();
        String chunks = "0\r\n\r\n" + HIDDEN;
        for (String encoding : List.of(
                "Transfer-Encoding: chunked",
                "Transfer-Encoding: Chunked",
                "Transfer-encoding: chunked",
                "Transfer-Encoding : chunked",
                " Transfer-Encoding: chunked",
                "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: \tchunked\t",
                "Transfer-Encoding:\u000bchunked",
                "Transfer-Encoding:\u000cchunked",
                "Transfer-Encoding: \u0000chunked",
                "Transfer-Encoding: chunked\u0000",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: x, chunked",
                "Transfer-Encoding: chunked, x",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: identity",
                "Transfer-Encoding:",
                "Transfer_Encoding: chunked",
                "Transfer-Encoding\u00a0: chunked",
                "Transfer\u2010Encoding: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "X: y\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding: x\r\n chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked")) {
            String shown = shown(encoding);
            all.put("length and " + shown, post(encoding + "\r\nContent-Length: " + chunks.length(), chunks));
            all.put(shown + " and a length", post("Content-Length: 4\r\n" + encoding, "2f\r\n" + HIDDEN));
            all.put(shown, post(encoding, chunks));
        }
        for (String length : List.of(
                "Content-Length: 0\r\nContent-Length: " + HIDDEN.length(),
                "Content-Length: " + HIDDEN.length() + "\r\nContent-Length: 0",
                "Content-Length: 0, " + HIDDEN.length(),
                "Content-Length: 0,0",
                "Content-Length: 0\r\nContent-Length: 0",
                "Content-Length: +0",
                "Content-Length: -0",
                "Content-Length: -1",
                "Content-Length: 0x10",
                "Content-Length: 0 0",
                "Content-Length: 1e1",
                "Content-Length: 0.0",
                "Content-Length: \"0\"",
                "Content-Length: 00000000000000000000",
                "Content-Length: 18446744073709551616",
                "Content-Length: 9223372036854775808",
                "Content-Length:",
                "Content-Length : 0",
                "Content-Length:\r\n 0",
                "Content-Length: 0\r\n 5",
                "Content_Length: 5",
                "X-Nothing: none",
                "Connection: Content-Length\r\nContent-Length: 0")) {
            all.put(shown(length), post(length, HIDDEN));
        }
        for (String body : List.of(
                "2;x=y\r\nok\r\n0\r\n\r\n",
                "2 ;x\r\nok\r\n0\r\n\r\n",
                "2 \r\nok\r\n0\r\n\r\n",
                "002\r\nok\r\n000\r\n\r\n",
                "2\nok\n0\n\n",
                "2\r\nok0\r\n\r\n",
                "2\r\nokok\r\n0\r\n\r\n",
                "2;\n\r\nok\r\n0\r\n\r\n",
                "2;x\rok\r\n0\r\n\r\n",
                "0x2\r\nok\r\n0\r\n\r\n",
                "+2\r\nok\r\n0\r\n\r\n",
                "-2\r\nok\r\n0\r\n\r\n",
                " 2\r\nok\r\n0\r\n\r\n",
                "g\r\nok\r\n0\r\n\r\n",
                "\r\nok\r\n0\r\n\r\n",
                "2,2\r\nok\r\n0\r\n\r\n",
                "100000002\r\nok\r\n0\r\n\r\n",
                "10000000000000002\r\nok\r\n0\r\n\r\n",
                "2\r\nok\r\n0\r\nX-Secret : 1\r\n\r\n",
                "2\r\nok\r\n0\r\nContent-Length: 5\r\n\r\n",
                "2\r\nok\r\n0\r\nX: y\r\n folded\r\n\r\n",
                "2\r\nok\r\n0\r\n\n",
                "2\r\nok\r\n0\n\r\n")) {
            all.put(
                    "chunks " + shown(body),
                    post("Transfer-Encoding: chunked", body) + HIDDEN.replace("/smuggled", "/next"));
        }
        for (String field : List.of(
                "X-Fold: a\r\n b",
                "X-Fold: a\r\n\tX-Secret: 1",
                " X-First: folded",
                "X-Space : a",
                "X-No-Colon",
                ": nameless",
                "X-Nul: a\u0000b",
                "X-Cr: a\rX-Secret: 1",
                "X-\u00e4: b",
                "X Y: z",
                "Host: other",
                "Connection: close, X-Secret\r\nX-Secret: 1",
                "Connection: x-SECRET\r\nConnection: close\r\nX-Secret: 1",
                "Connection: \"X-Secret\", X-Secret\r\nX-Secret: 1",
                "Connection: keep-alive\r\nKeep-Alive: timeout=5",
                "Proxy-Connection: keep-alive",
                "Connection: Upgrade\r\nUpgrade: h2c",
                "Connection: Host",
                "Connection: close, Via, X-Forwarded-For")) {
            all.put("field " + shown(field), "GET /here HTTP/1.1\r\nHost: x\r\n" + field + "\r\n\r\n");
        }
        all.put("absolute-form", "GET http://x/here HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("absolute-form of another host", "GET http://other/here HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("absolute-form with a user", "GET http://a:b@x/here HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("bare line feeds", "GET /here HTTP/1.1\nHost: x\n\n");
        all.put("a bare line feed in the line", "GET /here HTTP/1.1\nX: y\r\nHost: x\r\n\r\n");
        all.put("HTTP/1.0 in chunks", post("Transfer-Encoding: chunked", chunks).replace("HTTP/1.1", "HTTP/1.0"));
        all.put(
                "GET with a body",
                "GET /here HTTP/1.1\r\nHost: x\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
        all.put(
                "HEAD with a body",
                "HEAD /here HTTP/1.1\r\nHost: x\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n" + HIDDEN);
        all.put("escaped line ends", "GET /here%0d%0aX-Secret:%201%0d%0a HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("escaped line ends in the query", "GET /here?a%0d%0aX-Other:%201 HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("a target in the method", "GET\t/here HTTP/1.1\r\nHost: x\r\n\r\n");
        all.put("two versions", "GET /here HTTP/1.1 HTTP/1.1\r\nHost: x\r\n\r\n");
        return all;
    }

    /** So that each has a name of its own. */
    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.chars()
                .forEach(c -> shown.append(c < ' ' || c > '~' ? "<" + Integer.toHexString(c) + ">" : (char) c + ""));
        return shown.toString();
    }

    private static String post(String framing, String body) {
        return "POST /here HTTP/1.1\r\nHost: x\r\n" + framing + "\r\n\r\n" + body;
    }

    private Map<String, String> answers(Map<String, String> corpus) {
        Map<String, String> answers = new ConcurrentHashMap<>();
        URI data = sluice.data();
        List<Thread> clients = Stream.of(0, 1, 2, 3)
                .map(first -> {
                    List<Map.Entry<String, String>> requests = List.copyOf(corpus.entrySet());
                    Thread thread = new Thread(() -> {
                        for (int i = first; i < requests.size(); i += 4) {
                            answers.put(
                                    requests.get(i).getKey(),
                                    exchange(data, requests.get(i).getValue()));
                        }
                    });
                    thread.start();
                    return thread;
                })
                .toList();
        clients.forEach(client -> {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(answers).hasSameSizeAs(corpus);
        return answers;
    }

    /**
     * What comes back until the server closes. Where it waits for more it is told that nothing follows; only then, as a
     * client that says so at once counts as one that has left.
     */
    private static String exchange(URI data, String request) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(data.getHost(), data.getPort())) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.setSoTimeout(request.contains("\r\nConnection: close\r\n\r\n") ? 5_000 : 250);
            try {
                socket.getInputStream().transferTo(answer);
            } catch (SocketTimeoutException waits) {
                socket.shutdownOutput();
                socket.setSoTimeout(5_000);
                socket.getInputStream().transferTo(answer);
            }
        } catch (IOException reset) {
            // What it has said counts.
        }
        return answer.toString(ISO_8859_1);
    }
}

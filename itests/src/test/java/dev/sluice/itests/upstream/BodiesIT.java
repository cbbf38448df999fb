package dev.sluice.itests.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Wire;
import dev.sluice.itests.harness.Wire.Answer;
import dev.sluice.itests.harness.Wire.Ending;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of any size go through to nginx and to lighttpd and back as they are, and through a heap of 64 MB. */
@Tag("process")
class BodiesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private static Installed nginx;
    private static Installed lighttpd;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private SluiceProcess sluice;

    @BeforeAll
    static void startServers() {
        nginx = Installed.nginx();
        lighttpd = Installed.lighttpd();
        nginx.serve("100%.txt", "all of it".getBytes(US_ASCII));
        nginx.serve("text", "something to read\n".repeat(1000).getBytes(US_ASCII));
    }

    @AfterAll
    static void stopServers() {
        if (nginx != null) {
            nginx.close();
        }
        if (lighttpd != null) {
            lighttpd.close();
        }
    }

    @BeforeEach
    void start() {
        sluice = sluices.shared(home -> {
            home.configure(
                    "dev.sluice.route-nginx", "paths = /n/*", "upstreams = " + nginx.address(), "strip.prefix = true");
            home.configure(
                    "dev.sluice.route-lighttpd",
                    "paths = /l/*",
                    "upstreams = " + lighttpd.address(),
                    "strip.prefix = true");
            home.configure(
                    "dev.sluice.route-rewritten",
                    "paths = /shop/*",
                    "upstreams = " + nginx.address() + "/inner",
                    "strip.prefix = true",
                    "host = upstream",
                    "redirects = rewrite",
                    "cookies = rewrite");
            return SluiceProcess.on(home).jvm("-Xmx64m");
        });
    }

    @AfterEach
    void itHadMemoryEnough() {
        assertThat(sluice.log()).doesNotContain("OutOfMemoryError");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 1 << 20})
    void aBodyComesDownAsItIs(int size) throws Exception {
        byte[] content = Pattern.bytes(size);
        nginx.serve("down-" + size, content);

        HttpResponse<byte[]> answer = get("/n/down-" + size);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
        assertThat(answer.headers().firstValue("Content-Length")).contains("" + size);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 1 << 20})
    void aBodyGoesUpAsItIsWithALengthAndInChunks(int size) throws Exception {
        byte[] content = Pattern.bytes(size);
        for (boolean chunked : new boolean[] {false, true}) {
            String name = "up-" + size + (chunked ? "-chunked" : "");
            BodyPublisher body = chunked
                    ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))
                    : BodyPublishers.ofByteArray(content);

            assertThat(send(request("/n/" + name).PUT(body)).statusCode()).isEqualTo(201);
            assertThat(Files.readAllBytes(nginx.file(name))).isEqualTo(content);

            HttpResponse<byte[]> digest = send(
                    request(chunked ? "/l/whole-digest.sh" : "/l/digest.sh").POST(body));
            assertThat(digest.statusCode()).isEqualTo(200);
            assertThat(new String(digest.body(), US_ASCII).strip())
                    .isEqualTo(HexFormat.of().formatHex(Pattern.sha256().digest(content)));
        }
    }

    @Test
    void aGigabyteComesDown() throws Exception {
        Pattern.sparse(nginx.file("gigabyte"), Pattern.GIGABYTE);

        HttpResponse<InputStream> answer =
                http.send(request("/n/gigabyte").GET().build(), BodyHandlers.ofInputStream());

        DigestInputStream arrived = new DigestInputStream(answer.body(), Pattern.sha256());
        assertThat(arrived.transferTo(OutputStream.nullOutputStream())).isEqualTo(Pattern.GIGABYTE);
        DigestInputStream sent = new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(nginx.file("gigabyte")), 1 << 16), Pattern.sha256());
        try (sent) {
            sent.transferTo(OutputStream.nullOutputStream());
        }
        assertThat(Pattern.hex(arrived.getMessageDigest())).isEqualTo(Pattern.hex(sent.getMessageDigest()));
    }

    @Test
    void aGigabyteGoesUp() throws Exception {
        URI data = sluice.data();
        try (Socket socket = new Socket(data.getHost(), data.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(("POST /l/digest.sh HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                            + Pattern.GIGABYTE + "\r\n\r\n")
                    .getBytes(US_ASCII));
            String sent = Pattern.write(Pattern.GIGABYTE, out);

            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 ")
                    .contains(sent);
        }
    }

    @Test
    void continueIsSaidWhenTheUpstreamSaysIt() throws Exception {
        try (Wire wire = Wire.to(data()).request("PUT", "/n/expected", "Expect: 100-continue", "Content-Length: 5")) {
            assertThat(wire.line()).contains("HTTP/1.1 100 Continue");
            assertThat(wire.line()).contains("");
            assertThat(wire.send("hello").read().status()).isEqualTo(201);
        }
        assertThat(Files.readString(nginx.file("expected"))).isEqualTo("hello");
    }

    @Test
    void noContinueIsSaidWhereTheUpstreamRefusesTheBody() {
        try (Wire wire = Wire.to(data()).request("PUT", "/n/small/x", "Expect: 100-continue", "Content-Length: 5000")) {
            assertThat(wire.line().orElse("nothing")).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void anAnswerToHeadHasTheLengthOfTheBodyAndNoBody() {
        String both = "HEAD /n/text HTTP/1.1\r\nHost: x\r\n\r\n" + "GET /n/nothing HTTP/1.1\r\nHost: x\r\n\r\n";
        try (Wire wire = Wire.to(data()).send(both)) {
            StringBuilder head = new StringBuilder();
            for (String line; !(line = wire.line().orElseThrow()).isEmpty(); ) {
                head.append(line).append('\n');
            }
            assertThat(head.toString()).startsWith("HTTP/1.1 200 ").contains("Content-Length: 18000\n");
            assertThat(wire.read().status()).isEqualTo(204);
        }
    }

    @Test
    void answersWithoutABodyKeepTheConnectionInStep() {
        try (Wire wire = Wire.to(data())) {
            String modified = wire.get("/n/text").read().header("Last-Modified");
            Answer unchanged =
                    wire.get("/n/text", "If-Modified-Since: " + modified).read();
            assertThat(unchanged.status()).isEqualTo(304);
            assertThat(unchanged.header("ETag")).isNotEmpty();
            // nginx says none, and so none is invented.
            assertThat(unchanged.headers()).doesNotContainKeys("Content-Length", "Transfer-Encoding");
            Answer nothing = wire.get("/n/nothing").read();
            assertThat(nothing.status()).isEqualTo(204);
            assertThat(nothing.headers()).doesNotContainKeys("Content-Length", "Transfer-Encoding");
            Answer last = wire.get("/n/text").read();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.body()).hasSize(18_000);
            assertThat(last.ending()).isEqualTo(Ending.WHOLE);
        }
    }

    @Test
    void aRangeComesAsARange() {
        nginx.serve("ranges", "0123456789".getBytes(US_ASCII));
        try (Wire wire = Wire.to(data())) {
            Answer part = wire.get("/n/ranges", "Range: bytes=2-4").read();
            assertThat(part.status()).isEqualTo(206);
            assertThat(part.body()).isEqualTo("234");
            assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/10");
            assertThat(wire.get("/n/ranges", "Range: bytes=20-").read().status())
                    .isEqualTo(416);
        }
    }

    @Test
    void whatIsCompressedStaysCompressed() throws Exception {
        HttpResponse<byte[]> answer = send(request("/n/gzip/text").header("Accept-Encoding", "gzip"));

        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(answer.body()).hasSizeLessThan(1000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                .isEqualTo(Files.readAllBytes(nginx.file("text")));
        assertThat(get("/n/gzip/text").headers().map()).doesNotContainKey("Content-Encoding");
    }

    @Test
    void redirectsAndCookiesStayAsTheyAre() throws Exception {
        assertThat(get("/n/moved").headers().firstValue("Location")).contains("http://elsewhere.example/there?x=1#y");
        assertThat(get("/n/relative").statusCode()).isEqualTo(308);
        assertThat(get("/n/relative").headers().firstValue("Location")).contains("/here");
        assertThat(get("/n/cookies").headers().allValues("Set-Cookie"))
                .containsExactly(
                        "a=1; Path=/x; Domain=inner.example; HttpOnly",
                        "b=2; Expires=Wed, 21 Oct 2099 07:28:00 GMT; SameSite=Lax");
    }

    @Test
    void redirectsAndCookiesBecomeTheClientsWhereThatIsAskedFor() throws Exception {
        Files.createDirectories(nginx.file("inner/dir"));
        nginx.serve("inner/dir/page", "inside".getBytes(US_ASCII));

        // nginx names itself, as it is asked by its own address.
        assertThat(get("/shop/dir").statusCode()).isEqualTo(301);
        assertThat(get("/shop/dir").headers().firstValue("Location"))
                .contains(sluice.data("/shop/dir/").toString());
        assertThat(get("/shop/moved").headers().firstValue("Location")).contains(sluice.data("/shop/") + "a b|c?x=1");
        assertThat(get("/shop/elsewhere").headers().firstValue("Location"))
                .contains("http://elsewhere.example/inner/x");
        assertThat(get("/shop/cookies").headers().allValues("Set-Cookie"))
                .containsExactly("a=1; Path=/shop/x; HttpOnly", "b=2; path=\"/shop\"", "c=3; Path=/shop/other");
        assertThat(new String(get("/shop/dir/page").body(), US_ASCII)).isEqualTo("inside");
    }

    @Test
    void typesAndPercentSignsPassAsTheyAre() {
        try (Wire wire = Wire.to(data())) {
            Answer typed = wire.get("/n/typed").read();
            assertThat(typed.header("Content-Type")).isEqualTo("text/HTML; Charset=ISO-8859-1");
            assertThat(typed.headers()).containsKey("Content-Length");
            Answer percent = wire.get("/n/100%25.txt").read();
            assertThat(percent.status()).isEqualTo(200);
            assertThat(percent.body()).isEqualTo("all of it");
            assertThat(wire.get("/n/100%2541").read().status()).isEqualTo(400);
        }
    }

    @Test
    void trailersPassToAClientThatTakesThem() {
        try (Wire wire = Wire.to(data())) {
            Answer with = wire.get("/n/trailers/text", "TE: trailers", "Connection: TE")
                    .read();
            assertThat(with.body()).hasSize(18_000);
            assertThat(with.trailers()).containsAllEntriesOf(Map.of("X-Sum", "12345", "X-More", "yes"));
            Answer without = wire.get("/n/trailers/text").read();
            assertThat(without.body()).hasSize(18_000);
            assertThat(without.trailers()).isEmpty();
        }
    }

    private URI data() {
        return sluice.data();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(sluice.data(path)).timeout(PATIENCE);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }
}

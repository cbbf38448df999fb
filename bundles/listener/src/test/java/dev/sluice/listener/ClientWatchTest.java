package dev.sluice.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.listener.WatchedServer.Suspended;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A suspended request fails when its client leaves, and nothing that a client sends is lost by looking. */
@Timeout(60)
class ClientWatchTest {

    static Stream<Boolean> threads() {
        return WatchedServer.hasVirtualThreads() ? Stream.of(false, true) : Stream.of(false);
    }

    private static WatchedServer server(boolean virtual) throws Exception {
        return new WatchedServer(virtual, Optional.of(new ClientWatch(false, 1)));
    }

    @Test
    void withoutTheWatchNobodyLearnsThatTheClientHasLeft() throws Exception {
        try (WatchedServer server = new WatchedServer(false, Optional.empty())) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            client.close();
            assertThat(request.errors.poll(1, TimeUnit.SECONDS)).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatClosesItsConnectionFailsItsRequest(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            client.close();
            assertThat(request.error()).containsInstanceOf(EofException.class);
            assertThat(request.completed.await(20, TimeUnit.SECONDS)).isTrue();
            await(() -> server.connections() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatResetsItsConnectionFailsItsRequest(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            client.reset();
            assertThat(request.error()).containsInstanceOf(EofException.class);
            await(() -> server.connections() == 0);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientIsMissedFromTheEndOfItsBodyOn(boolean virtual) throws Exception {
        for (String path : List.of("/reads", "/has-read")) {
            try (WatchedServer server = server(virtual)) {
                Client client = new Client(server.port());
                client.send("POST " + path + "?a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
                client.send("lo");
                Suspended request = server.next();
                client.close();
                assertThat(request.error()).as(path).containsInstanceOf(EofException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientIsMissedFromTheEndOfItsChunkedBodyOn(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send("POST /reads?a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            Suspended request = server.next();
            client.close();
            assertThat(request.error()).containsInstanceOf(EofException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aBodyThatIsStillToComeIsLeftToTheRequest(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port());
                Client another = new Client(server.port())) {
            client.send("POST /?a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
            Suspended request = server.next();
            another.send(get("/", "b"));
            Suspended other = server.next();
            await(server::waitsToRead); // for the other, so the first has had its turn
            client.send("hello");
            another.close();
            assertThat(other.error()).isPresent(); // which came after what the first has sent
            request.body = " with "
                    + new String(
                            request.context.getRequest().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            request.answer();
            assertThat(client.answer()).isEqualTo("answer to a with hello");
        }
    }

    /** Jetty alone loses a failure that it sees while a thread is at work on the request. */
    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatLeavesWhileAThreadIsAtWorkOnTheRequestIsMissedAfterwards(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended before = server.next();
            await(server::waitsToRead);
            CountDownLatch atWork = new CountDownLatch(1);
            server.lingers = atWork;
            before.context.dispatch("/again");
            Suspended request = server.next();
            client.close();
            await(server::hasSeenAnEnd);
            assertThat(request.errors).isEmpty();
            atWork.countDown();
            assertThat(request.error()).containsInstanceOf(EofException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aHalfClosedClientHasLeft(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            client.socket.shutdownOutput();
            assertThat(request.error()).containsInstanceOf(EofException.class);
        }
    }

    @Test
    void whoDoesNotAskIsNotWatched() throws Exception {
        try (WatchedServer server = server(false)) {
            Client client = new Client(server.port());
            client.send(get("/unwatched", "a"));
            Suspended request = server.next();
            client.socket.shutdownOutput();
            assertThat(request.errors.poll(1, TimeUnit.SECONDS)).isNull();
            request.answer();
            assertThat(client.answer()).isEqualTo("answer to a");
        }
    }

    @Test
    void aHalfClosedClientIsAnsweredWhereThatIsAllowed() throws Exception {
        try (WatchedServer server = new WatchedServer(false, Optional.of(new ClientWatch(true, 1)))) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            client.socket.shutdownOutput();
            assertThat(request.errors.poll(1, TimeUnit.SECONDS)).isNull();
            request.answer();
            assertThat(client.answer()).isEqualTo("answer to a");
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatReadsNothingAndLeavesFailsTheWriteItHoldsUp(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/writes", "a"));
            Suspended request = server.next();
            client.reset();
            assertThat(request.error()).isPresent();
            assertThat(request.completed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aConnectionServesOneSuspendedRequestAfterTheOther(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            for (int i = 0; i < 200; i++) {
                String path = i % 3 == 0 ? "/at-once" : "/";
                client.send(get(path, "r" + i));
                if (i % 3 != 0) {
                    Suspended request = server.next();
                    if (i % 2 == 0) {
                        await(server::waitsToRead);
                    }
                    request.answer();
                }
                assertThat(client.answer()).isEqualTo("answer to r" + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void requestsSentTooEarlyAreAnsweredInTheirOrder(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            for (int round = 0; round < 50; round++) {
                client.send(get("/", round + "-0"));
                Suspended first = server.next();
                if (round % 5 != 4) {
                    await(server::waitsToRead);
                }
                // Cut anywhere: what has come by the time the first is answered is half a request.
                String rest = get("/", round + "-1")
                        + "POST /has-read?" + round + "-2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                        + get("/at-once", round + "-3");
                int cut = (round * 7) % rest.length();
                client.send(rest.substring(0, cut));
                if (round % 2 == 0) {
                    first.answer();
                    client.send(rest.substring(cut));
                } else {
                    client.send(rest.substring(cut));
                    first.answer();
                }
                assertThat(client.answer()).isEqualTo("answer to " + round + "-0");
                server.next().answer();
                assertThat(client.answer()).isEqualTo("answer to " + round + "-1");
                server.next().answer();
                assertThat(client.answer()).isEqualTo("answer to " + round + "-2 with 3");
                assertThat(client.answer()).isEqualTo("answer to " + round + "-3");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void moreSentTooEarlyThanIsKeptIsLeftToTheConnection(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            int body = 300_000;
            client.send(get("/", "a"));
            Suspended first = server.next();
            await(server::waitsToRead);
            Thread sender = new Thread(() -> {
                client.send("POST /has-read?b HTTP/1.1\r\nHost: x\r\nContent-Length: " + body + "\r\n\r\n");
                client.send("x".repeat(body));
                client.send(IntStream.range(0, 500)
                        .mapToObj(i -> get("/at-once", "c" + i))
                        .reduce("", String::concat));
            });
            sender.start();
            await(() -> !server.waitsToRead());
            first.answer();
            assertThat(client.answer()).isEqualTo("answer to a");
            server.next().answer();
            assertThat(client.answer()).isEqualTo("answer to b with " + body);
            for (int i = 0; i < 500; i++) {
                assertThat(client.answer()).isEqualTo("answer to c" + i);
            }
            sender.join();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void requestsInOnePacketAreAnsweredInTheirOrder(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            client.send(requests(0, 100));
            Suspended request = server.next();
            // More than there is room for in any buffer.
            client.send(requests(100, 500));
            for (int i = 0; i < 500; i++) {
                if (i % 2 == 0) {
                    request.answer();
                    assertThat(client.answer()).isEqualTo("answer to p" + i);
                } else {
                    assertThat(client.answer()).isEqualTo("answer to p" + i);
                    request = i < 499 ? server.next() : request;
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void aClientThatHasSentMoreTogetherWithItsRequestIsMissedAsWell(boolean virtual) throws Exception {
        for (String next : List.of(
                get("/at-once", "b"), "GET /half-a-requ", get("/at-once", "b").repeat(200))) {
            for (String first :
                    List.of(get("/", "a"), "POST /reads?a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")) {
                try (WatchedServer server = server(virtual)) {
                    Client client = new Client(server.port());
                    client.send(first + next);
                    Suspended request = server.next();
                    client.close();
                    assertThat(request.error()).as(first + next).containsInstanceOf(EofException.class);
                    assertThat(request.completed.await(20, TimeUnit.SECONDS)).isTrue();
                    await(() -> server.connections() == 0);
                    assertThat(server.suspended).isEmpty();
                }
            }
        }
    }

    /** Nobody is there to have it. */
    @ParameterizedTest
    @MethodSource("threads")
    void whatAClientThatHasLeftWouldHaveAskedNextIsNotBegun(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            Client client = new Client(server.port());
            client.send(get("/", "a") + get("/", "b"));
            Suspended request = server.next();
            client.close();
            assertThat(request.error()).containsInstanceOf(EofException.class);
            await(() -> server.connections() == 0);
            assertThat(server.suspended).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void whatCameTogetherWithARequestIsServedAfterIt(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            for (int round = 0; round < 50; round++) {
                String post = "POST /reads?" + round + "-1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
                String rest = post + get("/at-once", round + "-2");
                int cut = (round * 7) % rest.length();
                client.send(get("/", round + "-0") + rest.substring(0, cut));
                Suspended first = server.next();
                if (round % 3 != 0) {
                    await(server::waitsToRead);
                }
                if (round % 2 == 0) {
                    client.send(rest.substring(cut));
                    first.answer();
                } else {
                    first.answer();
                    client.send(rest.substring(cut));
                }
                assertThat(client.answer()).isEqualTo("answer to " + round + "-0");
                Suspended second = server.next();
                if (round % 5 != 0) {
                    await(server::waitsToRead);
                }
                second.answer();
                assertThat(client.answer()).isEqualTo("answer to " + round + "-1 with a body");
                assertThat(client.answer()).isEqualTo("answer to " + round + "-2");
            }
        }
    }

    private static String requests(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> get(i % 2 == 0 ? "/" : "/at-once", "p" + i))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @MethodSource("threads")
    void anEmptyBodyIsABody(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual);
                Client client = new Client(server.port())) {
            String empty = "POST /reads?e HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
            for (int i = 0; i < 20; i++) {
                client.send(i % 2 == 0 ? empty : empty.replace("/reads", "/"));
                Suspended request = server.next();
                await(server::waitsToRead);
                client.send(get("/at-once", "f"));
                request.answer();
                assertThat(client.answer()).isEqualTo("answer to e" + (i % 2 == 0 ? " with a body" : ""));
                assertThat(client.answer()).isEqualTo("answer to f");
            }
            client.send(empty);
            Suspended request = server.next();
            client.close();
            assertThat(request.error()).containsInstanceOf(EofException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("threads")
    void ofAThousandSuspendedRequestsThoseFailWhoseClientsLeave(boolean virtual) throws Exception {
        try (WatchedServer server = server(virtual)) {
            List<Client> clients = new ArrayList<>();
            List<Suspended> requests = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Client client = new Client(server.port());
                client.send(get("/", "n" + i));
                clients.add(client);
                requests.add(server.next());
            }
            for (int i = 0; i < 1_000; i += 2) {
                clients.get(i).close();
            }
            for (int i = 0; i < 1_000; i++) {
                if (i % 2 == 0) {
                    assertThat(requests.get(i).error()).containsInstanceOf(EofException.class);
                } else {
                    requests.get(i).answer();
                    assertThat(clients.get(i).answer()).isEqualTo("answer to n" + i);
                    assertThat(requests.get(i).errors).isEmpty();
                    clients.get(i).close();
                }
            }
            await(() -> server.connections() == 0);
        }
    }

    private enum End {
        ANSWERED,
        ABORTED,
        TOO_SHORT,
        LEFT
    }

    static Stream<Arguments> ends() {
        return Stream.of(End.values()).flatMap(end -> Stream.of(false, true).map(half -> Arguments.of(end, half)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theEndOfARequestIsToldOnceHoweverItEnds(End end, boolean halfClose) throws Exception {
        try (WatchedServer server = new WatchedServer(false, Optional.of(new ClientWatch(halfClose, 1)))) {
            Client client = new Client(server.port());
            client.send(get("/", "a"));
            Suspended request = server.next();
            HttpServletResponse response = (HttpServletResponse) request.context.getResponse();
            switch (end) {
                case ANSWERED -> {
                    assertThat(server.over).hasValue(0);
                    request.answer();
                    assertThat(client.answer()).isEqualTo("answer to a");
                    client.send(get("/at-once", "b"));
                    assertThat(client.answer()).isEqualTo("answer to b");
                }
                case ABORTED, TOO_SHORT -> {
                    response.setContentLength(100);
                    response.getOutputStream().print("half an answer");
                    response.flushBuffer();
                    assertThat(server.over).hasValue(0);
                    if (end == End.ABORTED) {
                        response.sendError(-1);
                    } else {
                        request.context.complete();
                    }
                }
                case LEFT -> {
                    client.reset();
                    if (halfClose) {
                        // Nobody has told it, so it ends by itself.
                        request.context.complete();
                    }
                }
            }
            await(() -> server.over.get() == 1);
            client.close();
            await(() -> server.connections() == 0);
            assertThat(server.over).hasValue(1);
        }
    }

    private static String get(String path, String query) {
        return "GET " + path + "?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** A client of bare sockets, which does what no library does. */
    private static final class Client implements AutoCloseable {
        final Socket socket;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
        }

        void send(String text) {
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        /** Reads one answer, which must be a 200, and returns its body. */
        String answer() throws IOException {
            int length = -1;
            String status = line();
            assertThat(status).isEqualTo("HTTP/1.1 200 OK");
            for (String line = line(); !line.isEmpty(); line = line()) {
                if (line.toLowerCase().startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).strip());
                }
            }
            assertThat(length).isNotNegative();
            return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c != '\n';
                    c = socket.getInputStream().read()) {
                if (c < 0) {
                    throw new AssertionError("the connection ended after: " + line);
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package dev.sluice.benchmark.start;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.benchmark.outside.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirstAnswerTest {

    @TempDir
    Path folder;

    @Test
    void isTheFirstWith200() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
        int port = server.getAddress().getPort();
        try (ServerProcess process = new ServerProcess(List.of("sleep", "60"), port, folder.resolve("log"))) {
            assertThat(FirstAnswer.await(process, process.at("/hello"))).isPositive();
        } finally {
            server.stop(0);
        }
        assertThat(asked).hasValue(3);
    }

    @Test
    void isNoneWhereNobodyListens() throws Exception {
        assertThat(FirstAnswer.status(URI.create("http://127.0.0.1:" + ServerProcess.freePort() + "/")))
                .isZero();
    }
}

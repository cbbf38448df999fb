package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Routes to upstreams, as an operator has them: the option, files, changes while requests run, mistakes. */
@Tag("process")
@Tag("one-java")
class RoutesIT {

    private static final String ROUTE = "dev.sluice.route-api";

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final List<HttpServer> upstreams = new ArrayList<>();
    private final CountDownLatch hold = new CountDownLatch(1);
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void stopUpstreams() {
        hold.countDown();
        upstreams.forEach(upstream -> upstream.stop(0));
    }

    @Test
    void theOptionLeadsEverythingToTheUpstreamAndWhatIsNoProperPathIsAProblem() throws Exception {
        String upstream = upstream("one");

        SluiceProcess sluice = sluices.start(SluiceProcess.on(sluices.home()).args("--upstream", upstream));

        HttpResponse<String> answer = Answers.get(sluice, "/a/b?c=d");
        assertThat(answer.body()).isEqualTo("one /a/b?c=d");
        assertThat(answer.headers().firstValue("Via")).contains("1.1 sluice");
        assertProblem(Answers.get(sluice, "/a%2fb"));
        assertProblem(Client.anonymous().get(sluice.admin("/a%2fb")));
    }

    /** Jetty gives it, before anybody else has the request. */
    private static void assertProblem(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"status\":400");
    }

    @Test
    void whileRoutesAreChangedNoRequestFailsAndEachNewUpstreamIsUsed() throws Exception {
        String one = upstream("one");
        String two = upstream("two");
        Home home = sluices.home();
        home.configure(ROUTE, "paths = /api/*", "upstreams = " + one);
        SluiceProcess sluice = sluices.start(home);
        assertThat(Answers.get(sluice, "/elsewhere").statusCode()).isEqualTo(404);
        Set<String> seen = ConcurrentHashMap.newKeySet();

        try (Load load = Load.on(sluice.data("/api/x"), answer -> {
            seen.add(answer.body());
            return answer.statusCode() == 200 ? Optional.empty() : Optional.of(answer.statusCode() + answer.body());
        })) {
            home.configure(ROUTE, "paths = /api/*", "upstreams = " + two, "connect.timeout = 3s");
            Await.until(() -> assertThat(seen).contains("two /api/x"));
            home.configure(ROUTE, "paths = /api/*", "upstreams = " + two, "strip.prefix = true");
            Await.until(() -> assertThat(seen).contains("two /x"));
            home.configure(ROUTE, "paths = /api/*", "upstream = " + one);
            Await.until(() -> assertThat(refused(sluice)).hasSize(1));
            assertThat(refused(sluice).toString()).contains("upstreams").contains("\"lastGood\":true");
            home.configure(ROUTE, "paths = /api/*", "upstreams = " + one, "strip.prefix = true");
            Await.until(() -> assertThat(seen).contains("one /x"));
            load.awaitAnswers(200);
            load.stop();
            assertThat(load.complaints()).isEmpty();
        }
    }

    @Test
    void aRequestEndsOnItsRouteThoughThatHasBeenTakenAway() throws Exception {
        Home home = sluices.home();
        home.configure(ROUTE, "paths = /api/*", "upstreams = " + upstream("one"));
        SluiceProcess sluice = sluices.start(home);
        FutureTask<HttpResponse<String>> slow = new FutureTask<>(() -> Answers.get(sluice, "/api/hold"));
        new Thread(slow).start();
        held.await();

        Files.delete(home.conf().resolve(ROUTE + ".cfg"));
        Await.until(() -> assertThat(Answers.get(sluice, "/api/x").statusCode()).isEqualTo(404));
        hold.countDown();

        assertThat(slow.get().body()).isEqualTo("one /api/hold");
    }

    @Test
    void theLastGoodRoutesOutliveARestartAndWithoutAnyAtTheStartItIsNotReady() throws Exception {
        Home home = sluices.home();
        home.configure(ROUTE, "paths = /api/*", "upstreams = " + upstream("one"));
        try (SluiceProcess first = sluices.start(home)) {
            assertThat(Answers.get(first, "/api/x").body()).isEqualTo("one /api/x");

            home.configure("dev.sluice.route-new", "paths = /new/*", "upstreams = rubbish");
            Await.until(
                    () -> assertThat(Answers.get(first, "/new/x").statusCode()).isEqualTo(503));
            assertThat(first.status().json().getAsJsonArray("alarms").toString())
                    .contains("rubbish");
            assertThat(ready(first).statusCode()).isEqualTo(200);
        }
        home.configure(ROUTE, "paths = /api/*", "upstreams = nonsense");

        SluiceProcess sluice = sluices.start(home);

        assertThat(Answers.get(sluice, "/api/x").body()).isEqualTo("one /api/x");
        assertThat(sluice.status().json().getAsJsonArray("alarms").toString()).contains("nonsense");
        assertThat(Answers.get(sluice, "/new/x").statusCode()).isEqualTo(503);
        assertThat(ready(sluice).statusCode()).isEqualTo(503);
        assertThat(ready(sluice).body())
                .contains("dev.sluice.route-new.cfg is not taken")
                .contains("rubbish");
    }

    private static HttpResponse<String> ready(SluiceProcess sluice) {
        return Client.anonymous().get(sluice.admin("/health/ready"));
    }

    private static JsonArray refused(SluiceProcess sluice) {
        return sluice.status().json().getAsJsonArray("refusedRoutes");
    }

    /** Answers with its name and what it was asked for; {@code /hold} only when it is let go. */
    private String upstream(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "upstream-" + name);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().toString();
            if (asked.endsWith("/hold")) {
                held.countDown();
                await(hold);
            }
            byte[] body = (name + " " + asked).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        upstreams.add(server);
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.sluice.itests.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive.Answer;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import dev.sluice.itests.harness.Soak;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What changes while requests go through to nginx: nginx itself, the chain before it, the routes to it. */
@Tag("process")
class RestartsIT {

    private static final String ROUTE = "dev.sluice.route-app";
    private static final int TIMES = Soak.isAsked() ? 60 : 5;
    private static final int BETWEEN = 200;
    private static final String PAGE = "page ".repeat(2_000);

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    private final List<Installed> servers = new ArrayList<>();

    @AfterEach
    void stopServers() {
        servers.forEach(Installed::close);
    }

    @Test
    void aReloadOfTheUpstreamFailsNoRequest() {
        Installed nginx = nginx();
        SluiceProcess sluice = sluiceBefore(nginx.address());

        try (Traffic traffic = new Traffic(sluice, "/page", RestartsIT::right)) {
            for (int i = 0; i < TIMES; i++) {
                List<ProcessHandle> workers = nginx.workers();
                nginx.reload();
                Await.until(() -> assertThat(nginx.workers()).isNotEmpty().doesNotContainAnyElementsOf(workers));
                traffic.await(BETWEEN);
            }
            assertThat(traffic.end()).isEmpty();
        }
    }

    @Test
    @Tag("one-java")
    void whileTheOnlyUpstreamIsAwayTheAnswerSaysSoAndItIsBackAtOnce() {
        Installed nginx = nginx();
        SluiceProcess sluice = sluiceBefore(nginx.address());

        try (Traffic traffic = new Traffic(sluice, "/page", RestartsIT::rightOrSaid)) {
            for (int i = 0; i < TIMES; i++) {
                long away = traffic.answered(502);
                nginx.kill();
                Await.until(() -> assertThat(traffic.answered(502)).isGreaterThan(away + BETWEEN / 10));
                nginx.start();
                // The next one each client sends is sent to the upstream that listens: "at once".
                traffic.awaitEach();
                long still = traffic.answered(502) + traffic.answered(503);
                traffic.await(BETWEEN);
                assertThat(traffic.answered(502) + traffic.answered(503)).isEqualTo(still);
            }
            assertThat(traffic.end()).isEmpty();
        }
    }

    @Test
    void whereAnotherUpstreamIsLeftTheDeathOfOneFailsNoRequest() {
        Installed one = nginx();
        Installed two = nginx();
        SluiceProcess sluice = sluiceBefore(one.address() + ", " + two.address());

        try (Traffic traffic = new Traffic(sluice, "/page", RestartsIT::right)) {
            for (int i = 0; i < TIMES; i++) {
                Installed victim = i % 2 == 0 ? one : two;
                victim.kill();
                Await.until(() -> assertThat(routes(sluice)).contains("EJECTED"));
                traffic.await(BETWEEN);
                victim.start();
                Await.until(() -> assertThat(routes(sluice)).doesNotContain("EJECTED"));
            }
            assertThat(traffic.end()).isEmpty();
        }
    }

    @Test
    void aSwapOfTheChainEachSecondFailsNoRequestAndLetsNonePassBy() {
        SluiceProcess sluice = sluiceBefore(nginx().address());
        Home home = sluice.home();
        home.copy(pair(0), "pair.jar");
        Await.until(() -> assertThat(sluice.status().serving("second")).contains("1.0.0"));
        Set<String> seen = ConcurrentHashMap.newKeySet();

        try (Traffic traffic = new Traffic(sluice, "/page", answer -> {
            answer.header("X-second").ifPresent(seen::add);
            return right(answer).or(() -> sameVersion(answer));
        })) {
            for (int i = 1; i <= TIMES * 2; i++) {
                String version = "1.0." + i;
                home.copy(pair(i), "pair.jar");
                Await.until(() -> assertThat(seen).contains(version));
                Await.always(Duration.ofSeconds(1), () -> assertThat(traffic.complaints())
                        .isEmpty());
            }
            assertThat(traffic.end()).isEmpty();
        }
    }

    @Test
    @Tag("one-java")
    void aChangeOfTheRouteFailsNoRequest() {
        Installed one = nginx();
        Installed two = nginx();
        one.serve("name", "one".getBytes(US_ASCII));
        two.serve("name", "two".getBytes(US_ASCII));
        SluiceProcess sluice = sluiceBefore(one.address());
        Set<String> seen = ConcurrentHashMap.newKeySet();

        try (Traffic traffic = new Traffic(sluice, "/name", answer -> {
            seen.add(answer.body());
            return answer.status() == 200 ? Optional.empty() : Optional.of(answer.toString());
        })) {
            for (int i = 0; i < TIMES; i++) {
                Installed next = i % 2 == 0 ? two : one;
                sluice.home()
                        .configure(
                                ROUTE,
                                "paths = /*",
                                "upstreams = " + next.address() + "=" + (i + 2),
                                "connect.timeout = " + (i + 2) + "s");
                int weight = i + 2;
                Await.until(() -> assertThat(routes(sluice)).contains("\"weight\":" + weight));
                seen.clear();
                traffic.await(BETWEEN);
                assertThat(seen).contains(i % 2 == 0 ? "two" : "one");
            }
            assertThat(traffic.end()).isEmpty();
        }
    }

    private Installed nginx() {
        Installed nginx = Installed.nginx();
        servers.add(nginx);
        nginx.serve("page", PAGE.getBytes(US_ASCII));
        return nginx;
    }

    private static SluiceProcess sluiceBefore(String upstreams) {
        Home home = sluices.home();
        home.configure(ROUTE, "paths = /*", "upstreams = " + upstreams, "eject.time = 1s", "retry.budget = 100%");
        return sluices.start(home);
    }

    private static String routes(SluiceProcess sluice) {
        return sluice.status().json().getAsJsonArray("routes").toString();
    }

    private static Optional<String> right(Answer answer) {
        return answer.status() == 200 && answer.body().equals(PAGE) ? Optional.empty() : Optional.of(answer.toString());
    }

    /** An answer that had begun when the upstream died is cut; the clients here read small ones, whole or not at all. */
    private static Optional<String> rightOrSaid(Answer answer) {
        boolean said = answer.status() == 502 || answer.status() == 503;
        return said && answer.header("Content-Type").orElse("").equals("application/problem+json")
                ? Optional.empty()
                : right(answer);
    }

    private static Optional<String> sameVersion(Answer answer) {
        Optional<String> first = answer.header("X-first");
        return first.isPresent()
                        && first.equals(answer.header("X-second"))
                        && answer.header("X-Stopped").isEmpty()
                ? Optional.empty()
                : Optional.of("mixed, passed by or stopped: " + answer);
    }

    private static byte[] pair(int number) {
        return TestBundle.of("test.pair", "1.0." + number)
                .middleware("first", "/*", 100, "stamp")
                .middleware("second", "/*", 50, "stamp")
                .jar();
    }
}

package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.door.AdminServer.Reached;
import dev.sluice.chain.Operator;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The door, asked over HTTP. */
class WayTest {

    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app", "/system", "/system/consolex", "/api/v1", "/health", "/favicon.ico"})
    void nothingButTheAdminsOwnPathsIsServedEvenToTheOperator(String path) throws Exception {
        HttpResponse<String> answer = server.send(server.to(path));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(server.reached.get()).isNull();
    }

    @Test
    void theConsoleAndTheApiAskForALoginAndHealthDoesNot() throws Exception {
        for (String path : new String[] {
            "/system/console",
            "/system/console/bundles",
            "/api/v1/status",
            "/api/v1/trip/reset",
            "/api/v1/rollback",
            "/api/v1/rollout/pause",
            "/api/v1/rollout/resume",
            "/api/v1/rollout/promote",
            "/api/v1/rollout/abort",
            "/api/v1/unload/explain"
        }) {
            HttpResponse<String> answer = server.send(server.anonymously(path));
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .hasValue("Basic realm=\"Sluice\", charset=\"UTF-8\"");
            assertThat(answer.body()).contains("--admin-password-file", "SLUICE_ADMIN_PASSWORD", "data/admin-password");
            assertThat(server.reached.get()).isNull();
        }
        assertThat(server.send(server.anonymously("/health/live")).statusCode()).isEqualTo(200);
        assertThat(server.send(server.anonymously("/health/ready")).statusCode())
                .isEqualTo(503);
    }

    @Test
    void theOperatorReachesTheConsoleAndItsThreadIsMarked() throws Exception {
        HttpResponse<String> answer = server.send(server.to("/system/console/bundles"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(server.reached.get()).isEqualTo(new Reached("/system/console/bundles", Optional.of("admin")));
        assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
        assertThat(Operator.current()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "admin, admin",
        "admin, ''",
        "'', right horse",
        "Admin, right horse",
        "root, right horse",
        "admin, right hors",
        "admin, right horse2"
    })
    void aWrongLoginIsRefused(String user, String password) throws Exception {
        HttpResponse<String> answer = server.send(server.anonymously("/system/console/bundles")
                .header("Authorization", AdminServer.basic(user, password)));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(server.reached.get()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic ???", "Basic YWRtaW4=", "Bearer x", "Digest username=\"admin\""})
    void anAuthorizationThatIsNoneIsRefused(String header) throws Exception {
        HttpResponse<String> answer =
                server.send(server.anonymously("/api/v1/status").header("Authorization", header));
        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void whoGuessesHasToWaitAndIsToldHowLong() throws Exception {
        HttpRequest.Builder wrong =
                server.anonymously("/api/v1/status").header("Authorization", AdminServer.basic("admin", "x"));
        HttpResponse<String> answer = server.send(wrong);
        // The first delays are short, and over before a slow machine asks again; each further one is longer.
        for (int i = 0; i < 30 && answer.statusCode() == 401; i++) {
            answer = server.send(wrong);
        }
        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValueAsLong("Retry-After").getAsLong()).isBetween(1L, 30L);
        assertThat(server.send(server.anonymously("/health/live")).statusCode()).isEqualTo(200);
        assertThat(server.send(server.to("/api/v1/status")).statusCode())
                .as("the right password is never made to wait")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health/live/../../system/console/bundles",
                "/health/live/..;/..;/system/console/bundles",
                "/health/live;/../../system/console",
                "//system/console/bundles",
                "/system//console",
                "/system/console;jsessionid=1/bundles",
                "/system%2fconsole",
                "/system/%63onsole/bundles",
                "/%73ystem/console",
                "/system/console%2f..%2fbundles",
                "/system\\console",
                "/system/console%00",
                "/./system/console",
                "/%2e/system/console",
                "/system/console/.",
                "/SYSTEM/CONSOLE",
                "/system/console%20",
                "/system/console?x=/health/live",
                "/system/console#/health/live",
                "/health/live%3f/../system/console",
                "/health%2flive",
                "http://localhost/system/console/bundles",
                "http://localhost/health/live/../../system/console",
                "system/console",
                "*",
                "/system/console%c0%af"
            })
    void noSpellingOfAPathGetsAroundTheLogin(String target) throws Exception {
        for (String method : new String[] {"GET", "HEAD", "POST", "OPTIONS", "TRACE", "PROPFIND"}) {
            String answer = server.raw(method + " " + target
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            assertThat(server.reached.get()).as(method + " " + target).isNull();
            assertThat(answer).doesNotContain("REACHED");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, true",
        "LOCALHOST:8081, true",
        "admin.localhost:1, true",
        "127.0.0.1:8081, true",
        "10.1.2.3, true",
        "[::1]:8081, true",
        "console.example.org:8081, true",
        "Console.Example.Org, true",
        "evil.example, false",
        "localhost.evil.example, false",
        "127.0.0.1.evil.example, false",
        "1.2.3.4.5, false",
        "256.1.1.1, false"
    })
    void onlyKnownHostNamesAreAnsweredTo(String host, boolean known) throws Exception {
        server.hosts = Set.of("console.example.org");
        String answer = server.raw("GET /system/console HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: "
                + AdminServer.basic("admin", AdminServer.PASSWORD) + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith(known ? "HTTP/1.1 200" : "HTTP/1.1 421");
        assertThat(server.reached.get() != null).isEqualTo(known);
    }

    @Test
    void healthIsToldUnderAnyHostName() throws Exception {
        assertThat(server.raw("GET /health/live HTTP/1.1\r\nHost: sluice.svc\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1:1",
        "Origin, http://localhost",
        "Origin, rubbish{",
        "Referer, https://evil.example/page",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void aForeignPageChangesNothing(String header, String value) throws Exception {
        HttpResponse<String> answer = server.send(server.to("/system/console/bundles/40?action=stop")
                .header(header, value)
                .POST(BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(server.reached.get()).isNull();
    }

    @Test
    void theConsolesOwnPagesAndClientsThatAreNoBrowsersMayChangeThings() throws Exception {
        HttpRequest.Builder own = server.to("/system/console/bundles/40?action=stop")
                .header("Origin", server.origin())
                .header("Sec-Fetch-Site", "same-origin")
                .POST(BodyPublishers.noBody());
        assertThat(server.send(own).body()).isEqualTo("REACHED stop");
        HttpRequest.Builder referred = server.to("/system/console/bundles/40?action=stop")
                .header("Referer", server.origin() + "/system/console/bundles")
                .POST(BodyPublishers.noBody());
        assertThat(server.send(referred).body()).isEqualTo("REACHED stop");
        assertThat(server.post("/system/console/bundles/40", "action=stop").body())
                .isEqualTo("REACHED stop");
    }

    @Test
    void whileTheConsoleIsAwayNoOtherServletGetsItsRequests() throws Exception {
        server.consoleIsThere = false;
        HttpResponse<String> answer = server.send(server.to("/system/console/bundles"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(server.reached.get()).isNull();
    }

    @Test
    void theApiIsOnlyRead() throws Exception {
        HttpResponse<String> answer = server.send(server.to("/api/v1/status").DELETE());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void aBrowserThatNavigatesGetsATextToReadAndAProgramProblemDetails() throws Exception {
        HttpResponse<String> page = server.send(server.to("/app").header("Accept", "text/html,*/*;q=0.8"));
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/plain;charset=utf-8");
        HttpResponse<String> problem = server.send(server.to("/app"));
        assertThat(problem.body())
                .contains("\"status\":404")
                .contains("\"title\"")
                .contains("\"detail\"");
        assertThat(problem.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(problem.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
}

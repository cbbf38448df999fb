package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.unload.Explain;
import dev.sluice.unload.Explanation;
import dev.sluice.unload.RootPath;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds a version that has leaked, asked for over HTTP. */
class ExplainOrderTest {

    private static final String PATH = "/api/v1/unload/explain";

    private static final RootPath HELD = new RootPath(
            "class of the JVM",
            List.of(
                    new RootPath.Step("", "class acme.Registry", "acme.registry 1.0.0", false),
                    new RootPath.Step("static field ALL", "acme.Leaky", "acme.leaky 2.0.0", true)));

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<Long, Explanation> answers = Map.of(
            1L, new Explanation.Held(List.of(HELD), Optional.empty()),
            2L, new Explanation.NotHeld("Only soft references.", List.of(), Optional.of("/data/unload-2.hprof")),
            3L, new Explanation.Collected(),
            4L, new Explanation.Busy(),
            5L, new Explanation.Failed("there is no room"));

    private final CompletableFuture<Explanation> slow = new CompletableFuture<>();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        Explain explain = (number, keep) -> {
            asked.add(number + " " + keep);
            return number == 6
                    ? slow
                    : CompletableFuture.completedFuture(answers.getOrDefault(number, new Explanation.Unknown()));
        };
        server.explain.set(explain);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void thePathIsToldAsJson() throws Exception {
        HttpResponse<String> answer = server.post(PATH, "number=1");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"number\":1,\"outcome\":\"HELD\",\"message\":\"This holds it.\",\"paths\":[{\"root\":\"class of the"
                                + " JVM\",\"steps\":[{\"link\":\"\",\"object\":\"class acme.Registry\",\"bundle\":\"acme.registry"
                                + " 1.0.0\",\"own\":false},{\"link\":\"static field ALL\",\"object\":\"acme.Leaky\",\"bundle\":"
                                + "\"acme.leaky 2.0.0\",\"own\":true}]}],\"dump\":null}");
        assertThat(asked).containsExactly("1 false");
    }

    @Test
    void andAsTextToRead() throws Exception {
        HttpResponse<String> answer = server.send(server.to(PATH)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "text/plain")
                .POST(BodyPublishers.ofString("number=1&keep=true")));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;charset=utf-8");
        assertThat(answer.body())
                .isEqualTo(
                        """
                        This holds it.

                        class of the JVM
                           class acme.Registry  [acme.registry 1.0.0]
                        => static field ALL: acme.Leaky  [acme.leaky 2.0.0]  <= here it enters the bundle
                        """);
        assertThat(asked).containsExactly("1 true");
    }

    @Test
    void eachOtherOutcomeHasItsStatus() throws Exception {
        assertThat(server.post(PATH, "number=2").body())
                .contains("\"NOT_HELD\"", "Only soft references.", "/data/unload-2.hprof");
        assertThat(server.post(PATH, "number=3").statusCode()).isEqualTo(409);
        assertThat(server.post(PATH, "number=4").statusCode()).isEqualTo(409);
        HttpResponse<String> failed = server.post(PATH, "number=5");
        assertThat(failed.statusCode()).isEqualTo(503);
        assertThat(failed.body()).contains("there is no room");
        assertThat(server.post(PATH, "number=99").statusCode()).isEqualTo(404);
    }

    @Test
    void theAnswerComesWhenItIsFoundOutAndNothingWaitsForIt() throws Exception {
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return server.post(PATH, "number=6");
            } catch (java.io.IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(server.post(PATH, "number=4").statusCode()).isEqualTo(409);
        assertThat(waiting).isNotDone();
        slow.complete(answers.get(1L));
        assertThat(waiting.get(20, java.util.concurrent.TimeUnit.SECONDS).statusCode())
                .isEqualTo(200);
    }

    @Test
    void whatIsNoNumberIsRefusedAndSoIsWhatIsNoForm() throws Exception {
        for (String form : List.of("", "number=", "number=one", "number=-1", "number=1&keep=maybe")) {
            assertThat(server.post(PATH, form).statusCode()).as(form).isEqualTo(400);
        }
        server.assertTakesOnlyTheOperatorsForms(PATH, "number=1");
        assertThat(asked).isEmpty();
    }

    @Test
    void itSaysSoWhenNobodyIsThereWhoExplains() throws Exception {
        server.explain.set(null);
        assertThat(server.post(PATH, "number=1").statusCode()).isEqualTo(503);
    }
}

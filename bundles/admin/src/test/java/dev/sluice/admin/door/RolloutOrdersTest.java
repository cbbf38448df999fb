package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sluice.admin.Fake;
import dev.sluice.admin.rollout.RolloutOrders;
import dev.sluice.chain.Operator;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.RolloutOrder;
import dev.sluice.deployer.RolloutOrder.Outcome;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pausing, resuming, promoting and aborting a rollout, asked for over HTTP. */
class RolloutOrdersTest {

    private static final String ROLLOUT = "/api/v1/rollout/";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private CompletableFuture<RolloutOrder> outcome =
            CompletableFuture.completedFuture(new RolloutOrder(Outcome.DONE, "it is"));
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        server.deployer.set(Fake.of(
                Deployments.class,
                Map.of(
                        "pause", order("pause"),
                        "resume", order("resume"),
                        "promote", order("promote"),
                        "abort", order("abort"))));
    }

    private Function<Object[], Object> order(String what) {
        return arguments -> {
            asked.add(what + " " + arguments[0] + " by " + Operator.current().orElse("nobody"));
            return outcome;
        };
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "promote", "abort"})
    void anOperatorOrders(String what) throws Exception {
        HttpResponse<String> answer = server.post(ROLLOUT + what, "file=auth.jar");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"outcome\":\"DONE\",\"message\":\"it is\"}");
        assertThat(asked).containsExactly(what + " auth.jar by admin");
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void eachOutcomeHasItsStatusAndItsSentence(Outcome what) throws Exception {
        outcome = CompletableFuture.completedFuture(new RolloutOrder(what, "because of that"));
        int status =
                switch (what) {
                    case DONE -> 200;
                    case DELAYED -> 202;
                    case UNKNOWN -> 404;
                    case REFUSED -> 409;
                };
        HttpResponse<String> answer = server.post(ROLLOUT + "promote", "file=auth.jar");
        assertThat(answer.statusCode()).isEqualTo(status);
        JsonObject body = JsonParser.parseString(answer.body()).getAsJsonObject();
        boolean isProblem = status >= 400;
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                .startsWith(isProblem ? "application/problem+json" : "application/json");
        assertThat(body.get(isProblem ? "title" : "outcome").getAsString()).isEqualTo(what.name());
        assertThat(body.get(isProblem ? "detail" : "message").getAsString()).isEqualTo("because of that");
    }

    @Test
    void whatIsTakenIsInTheLogWithTheOperatorAndWhatIsNotCannotForgeALineOfIt() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        Logger log = Logger.getLogger(RolloutOrders.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            server.post(ROLLOUT + "promote", "file=auth.jar");
            outcome = CompletableFuture.completedFuture(new RolloutOrder(Outcome.UNKNOWN, "no such rollout"));
            server.post(ROLLOUT + "promote", "file=auth.jar%0Aoperator+admin+asked");
            CompletableFuture<RolloutOrder> late = new CompletableFuture<>();
            outcome = late;
            server.post(ROLLOUT + "abort", "file=auth.jar");
            assertThat(lines).hasSize(1);
            late.complete(new RolloutOrder(Outcome.DELAYED, "not yet"));
        } finally {
            log.removeHandler(handler);
        }
        assertThat(lines)
                .containsExactly(
                        "operator admin asked to promote the rollout of auth.jar: it is",
                        "operator admin asked to abort the rollout of auth.jar: not yet");
    }

    @Test
    void whatTakesLongGoesOn() throws Exception {
        outcome = new CompletableFuture<>();
        HttpResponse<String> answer = server.post(ROLLOUT + "abort", "file=auth.jar");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JsonParser.parseString(answer.body())
                        .getAsJsonObject()
                        .get("outcome")
                        .getAsString())
                .isEqualTo("BEGUN");
        assertThat(outcome).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "promote", "abort"})
    void nothingElseIsTaken(String what) throws Exception {
        String path = ROLLOUT + what;
        assertThat(server.post(path, "to=1.0.0").statusCode()).isEqualTo(400);
        server.assertTakesOnlyTheOperatorsForms(path, "file=auth.jar");
        assertThat(asked).isEmpty();
        server.deployer.set(null);
        assertThat(server.post(path, "file=auth.jar").statusCode()).isEqualTo(503);
    }
}

package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.sluice.admin.Fake;
import dev.sluice.chain.Operator;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.RollBack;
import dev.sluice.deployer.RollBack.Outcome;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rolling back and forward, asked for over HTTP. */
class RollBacksTest {

    private static final String BACK = "/api/v1/rollback";
    private static final String FORWARD = "/api/v1/rollforward";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private CompletableFuture<RollBack> outcome =
            CompletableFuture.completedFuture(new RollBack(Outcome.ROLLED_BACK, "it is"));
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        server.deployer.set(Fake.of(
                Deployments.class,
                Map.of(
                        "rollBack",
                        arguments -> {
                            asked.add(arguments[0] + " to " + arguments[1] + " by "
                                    + Operator.current().orElse("nobody"));
                            return outcome;
                        },
                        "rollForward",
                        arguments -> {
                            asked.add(arguments[0] + " forward by "
                                    + Operator.current().orElse("nobody"));
                            return outcome;
                        })));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void anOperatorRollsBackAndForward() throws Exception {
        HttpResponse<String> answer = server.post(BACK, "file=auth.jar&to=1.0.0");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"outcome\":\"ROLLED_BACK\",\"message\":\"it is\"}");
        assertThat(server.post(FORWARD, "file=auth.jar").statusCode()).isEqualTo(200);
        assertThat(asked).containsExactly("auth.jar to 1.0.0 by admin", "auth.jar forward by admin");
    }

    @ParameterizedTest
    @CsvSource({"ROLLED_FORWARD, 200", "ALREADY, 200", "UNKNOWN, 404", "NOT_KEPT, 410", "REFUSED, 409", "FAILED, 422"})
    void eachOutcomeHasItsStatusAndItsSentence(Outcome what, int status) throws Exception {
        outcome = CompletableFuture.completedFuture(new RollBack(what, "because of that"));
        HttpResponse<String> answer = server.post(BACK, "file=auth.jar&to=1.0.0");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(what.name(), "because of that");
    }

    @Test
    void whatTakesLongGoesOn() throws Exception {
        outcome = new CompletableFuture<>();
        HttpResponse<String> answer = server.post(BACK, "file=auth.jar&to=1.0.0");
        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(JsonParser.parseString(answer.body())
                        .getAsJsonObject()
                        .get("outcome")
                        .getAsString())
                .isEqualTo("BEGUN");
        assertThat(outcome).isNotDone();
    }

    @Test
    void nothingElseIsTaken() throws Exception {
        assertThat(server.post(BACK, "file=auth.jar").statusCode()).isEqualTo(400);
        assertThat(server.post(FORWARD, "to=1.0.0").statusCode()).isEqualTo(400);
        server.assertTakesOnlyTheOperatorsForms(BACK, "file=auth.jar&to=1.0.0");
        server.assertTakesOnlyTheOperatorsForms(FORWARD, "file=auth.jar");
        assertThat(asked).isEmpty();
        server.deployer.set(null);
        assertThat(server.post(BACK, "file=auth.jar&to=1.0.0").statusCode()).isEqualTo(503);
    }
}

package dev.sluice.admin.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.Fake;
import dev.sluice.chain.ChainControl;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reset of a trip switch, asked for over HTTP. */
class TripResetTest {

    private static final String PATH = "/api/v1/trip/reset";

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer();
        server.chainControl.set(Fake.of(ChainControl.class, Map.of("reset", arguments -> {
            asked.add(arguments[0] + " " + arguments[1]);
            return arguments[1].equals("2.0.0");
        })));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void anOperatorResetsAVersion() throws Exception {
        HttpResponse<String> answer = server.post(PATH, "name=auth&version=2.0.0");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"name\":\"auth\",\"version\":\"2.0.0\",\"reset\":true}");
        assertThat(asked).containsExactly("auth 2.0.0");
    }

    @Test
    void whatHasNotTrippedIsNotFound() throws Exception {
        assertThat(server.post(PATH, "name=auth&version=3.0.0").statusCode()).isEqualTo(404);
        assertThat(server.post(PATH, "name=auth").statusCode()).isEqualTo(400);
    }

    @Test
    void nothingElseIsTaken() throws Exception {
        assertThat(server.send(server.to(PATH)).statusCode()).isEqualTo(405);
        assertThat(server.send(server.to(PATH + "?name=auth&version=2.0.0").POST(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(415);
        assertThat(asked).isEmpty();
    }

    @Test
    void noPageOfAnotherSiteAndNobodyWithoutALoginResetsAnything() throws Exception {
        HttpResponse<String> foreign = server.send(server.to(PATH)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", "http://evil.example")
                .POST(BodyPublishers.ofString("name=auth&version=2.0.0")));
        assertThat(foreign.statusCode()).isEqualTo(403);
        HttpResponse<String> anonymous = server.send(server.anonymously(PATH)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("name=auth&version=2.0.0")));
        assertThat(anonymous.statusCode()).isEqualTo(401);
        assertThat(asked).isEmpty();
    }

    @Test
    void itSaysSoWhenTheChainIsAway() throws Exception {
        server.chainControl.set(null);
        assertThat(server.post(PATH, "name=auth&version=2.0.0").statusCode()).isEqualTo(503);
    }
}

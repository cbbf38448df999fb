package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.Load;
import dev.sluice.itests.harness.Shipped;
import dev.sluice.itests.harness.SluiceProcess;
import dev.sluice.itests.harness.Sluices;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README promises a newcomer, with the samples as the build leaves them. */
@Tag("process")
@Tag("one-java")
class NewcomerIT {

    @RegisterExtension
    static final Sluices sluices = new Sluices();

    @Test
    void withoutMiddlewareEveryPathIsNotFoundAndSaysSo() {
        HttpResponse<String> answer = Answers.get(sluices.shared(), "/anything");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    }

    @Test
    void greetingIsDroppedReplacedBroughtBackAndTakenAwayWithoutOneFailedRequest() {
        SluiceProcess sluice = sluices.shared();
        Home home = sluice.home();
        Path first = Shipped.sample("greeting-1");
        Path second = Shipped.sample("greeting-2");

        home.copy(first);
        String hello = Await.value("greeting", () -> greeting(sluice));
        assertThat(sluice.status().serving("greeting")).contains("1.0.0");

        try (Load load = Load.on(sluice.data("/"), NewcomerIT::greeted)) {
            home.copy(second);
            String second2 =
                    Await.value("other greeting", () -> greeting(sluice).filter(text -> !text.equals(hello)));
            assertThat(second2).isNotEqualTo(hello);
            assertThat(sluice.status().serving("greeting")).contains("2.0.0");
            assertThat(sluice.status().chain()).as("the same place").hasSize(1);
            load.awaitAnswers(200);

            home.remove(second.getFileName().toString());
            Await.until(() -> assertThat(greeting(sluice)).contains(hello));
            load.awaitAnswers(200);

            load.stop();
            assertThat(load.complaints()).isEmpty();
        }

        home.remove(first.getFileName().toString());
        Await.until(() -> assertThat(greeting(sluice)).isEmpty());
        assertThat(Answers.get(sluice, "/").statusCode()).isEqualTo(404);
        Await.until(() -> assertThat(sluice.status().chain()).isEmpty());
    }

    @Test
    void samplesToKeepDeployAndDoWhatTheySay() {
        SluiceProcess sluice = sluices.shared();
        sluice.home().copy(Shipped.sample("request-id"));
        sluice.home().copy(Shipped.sample("security-headers"));

        Await.until(() -> {
            HttpResponse<String> answer = Answers.get(sluice, "/");
            assertThat(answer.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        });
        HttpResponse<String> answer =
                Client.anonymous().with("X-Request-Id", "abc-123").get(sluice.data("/"));
        assertThat(answer.headers().firstValue("X-Request-Id")).contains("abc-123");
    }

    private static Optional<String> greeting(SluiceProcess sluice) {
        return Answers.get(sluice, "/").headers().firstValue("X-Greeting");
    }

    private static Optional<String> greeted(HttpResponse<String> answer) {
        if (answer.statusCode() != 404) {
            return Optional.of("status " + answer.statusCode());
        }
        return answer.headers().firstValue("X-Greeting").isPresent() ? Optional.empty() : Optional.of("no greeting");
    }
}

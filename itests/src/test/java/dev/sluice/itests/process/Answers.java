package dev.sluice.itests.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Await;
import dev.sluice.itests.harness.Client;
import dev.sluice.itests.harness.SluiceProcess;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.function.Function;

/** What the tests look for in answers of the data listener. */
final class Answers {

    private static final Client CLIENT = Client.anonymous();

    private Answers() {}

    /** {@return the answer to a request for a path} */
    static HttpResponse<String> get(SluiceProcess sluice, String path) {
        return CLIENT.get(sluice.data(path));
    }

    /** {@return the version that a stamping middleware put on the answer, if it ran} */
    static Optional<String> stamp(HttpResponse<String> answer, String middleware) {
        return answer.headers().firstValue("X-" + middleware);
    }

    /** Waits until a version of a stamping middleware runs. */
    static void awaitServing(SluiceProcess sluice, String middleware, String version) {
        Await.until(() -> assertThat(stamp(get(sluice, "/"), middleware))
                .as("version of %s", middleware)
                .contains(version));
    }

    /** Waits until a middleware doesn't run any more, and requests pass as if it had never been there. */
    static void awaitGone(SluiceProcess sluice, String middleware) {
        Await.until(() -> {
            HttpResponse<String> answer = get(sluice, "/");
            assertThat(stamp(answer, middleware))
                    .as("version of %s", middleware)
                    .isEmpty();
            assertThat(answer.statusCode()).isNotEqualTo(503);
        });
    }

    /** Fails unless a version of a stamping middleware runs now. */
    static void assertServing(SluiceProcess sluice, String middleware, String version) {
        assertThat(stamp(get(sluice, "/"), middleware))
                .as("version of %s", middleware)
                .contains(version);
    }

    /** A bundle that answers every request with 200, at the end of the chain. */
    static byte[] application() {
        return TestBundle.of("test.application", "1.0.0")
                .middleware("application", "/*", -1000, "answer")
                .jar();
    }

    /** A judge for the load: the status is right, and each of these middleware has run, all in the same version. */
    static Function<HttpResponse<String>, Optional<String>> sameVersion(int status, String... middleware) {
        return answer -> {
            if (answer.statusCode() != status) {
                return Optional.of("status " + answer.statusCode() + ": " + answer.body());
            }
            Optional<String> first = stamp(answer, middleware[0]);
            for (String name : middleware) {
                Optional<String> version = stamp(answer, name);
                if (version.isEmpty()) {
                    return Optional.of("passed without " + name);
                }
                if (!version.equals(first)) {
                    return Optional.of("mixed: " + middleware[0] + " " + first + ", " + name + " " + version);
                }
            }
            return answer.headers().firstValue("X-Stopped").map(stopped -> "ran after it was stopped: " + stopped);
        };
    }
}

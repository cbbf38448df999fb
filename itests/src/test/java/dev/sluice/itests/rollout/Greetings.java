package dev.sluice.itests.rollout;

import dev.sluice.itests.fixture.TestBundle;
import dev.sluice.itests.harness.Home;
import dev.sluice.itests.harness.KeepAlive.Answer;
import java.util.Optional;

/** Versions of a middleware that are rolled out, and the application behind them. */
final class Greetings {

    /** The file that they come in, one after the other. */
    static final String FILE = "greeting.jar";

    /** The header by which an answer tells the version. */
    static final String STAMP = "X-greeting";

    private Greetings() {}

    /** Deploys a version that behaves as {@code fixture.Activator} says. */
    static void deploy(Home home, String version, String behaviour) {
        home.copy(jar(version, behaviour), FILE);
    }

    /** {@return such a version} */
    static byte[] jar(String version, String behaviour) {
        return TestBundle.of("test.greeting", version)
                .middleware("greeting", "/*", 100, behaviour)
                .jar();
    }

    /** Deploys what answers all requests that come through. */
    static void deployApplication(Home home) {
        home.copy(
                TestBundle.of("test.application", "1.0.0")
                        .middleware("application", "/*", -1000, "answer")
                        .jar(),
                "application.jar");
    }

    /** {@return what is wrong with an answer that is to be a good one of a version that runs} */
    static Optional<String> complaint(Answer answer) {
        boolean isGood = answer.status() == 200 && answer.header(STAMP).isPresent() && !wasStopped(answer);
        return isGood ? Optional.empty() : Optional.of(answer.toString());
    }

    /** {@return the same, where a version that fails is out of it: what that one does is no fault of the container's} */
    static Optional<String> complaintBeside(String bad, Answer answer) {
        return isOf(bad, answer) && !wasStopped(answer) ? Optional.empty() : complaint(answer);
    }

    /** {@return whether an answer is a version's that may fail: its own, or the container's when it has thrown} */
    static boolean isOf(String bad, Answer answer) {
        return answer.header(STAMP).map(bad::equals).orElse(answer.status() == 500);
    }

    private static boolean wasStopped(Answer answer) {
        return answer.header("X-Stopped").isPresent();
    }
}

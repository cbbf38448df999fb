package dev.sluice.itests.fault;

import dev.sluice.itests.harness.KeepAlive.Answer;
import java.util.Optional;
import java.util.Set;

/** What is wrong with an answer, if anything is. The whole of it counts. */
final class Judgement {

    private Judgement() {}

    /** {@return what shows that the request passed a middleware that has not run} */
    static Optional<String> bypassOf(Target target, Answer answer) {
        return switch (target) {
            case FORBIDDEN ->
                answer.status() == 200 || answer.header("X-vault").isPresent()
                        ? Optional.of("the vault has answered: " + answer)
                        : answer.status() == 404
                                ? Optional.of("the chain was run through without the denier: " + answer)
                                : Optional.empty();
            case APP ->
                answer.header("X-application").isPresent()
                                && !(answer.body().contains("first ")
                                        && answer.body().contains("second "))
                        ? Optional.of("the application was reached without its middleware: " + answer)
                        : Optional.empty();
        };
    }

    /** {@return what is wrong with an answer that is to be a right one} */
    static Optional<String> of(Target target, String path, String query, Answer answer, Set<String> versions) {
        return switch (target) {
            case FORBIDDEN -> denied(answer);
            case APP -> served(path, query, answer, versions);
        };
    }

    /** {@return what is wrong with a 503: documented are a problem document, and when to come again} */
    static Optional<String> ofRefusal(Answer answer) {
        if (answer.header("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isEmpty()) {
            return Optional.of("a 503 that is no problem document: " + answer);
        }
        if (answer.header("Retry-After").isEmpty()) {
            return Optional.of("a 503 without Retry-After: " + answer);
        }
        if (answer.header("X-application").isPresent()
                || answer.header("X-vault").isPresent()) {
            return Optional.of("a 503 after the servlet has run: " + answer);
        }
        return Optional.empty();
    }

    private static Optional<String> denied(Answer answer) {
        return answer.status() == 403
                        && answer.header("X-denier").isPresent()
                        && answer.body().isEmpty()
                ? Optional.empty()
                : Optional.of("not denied: " + answer);
    }

    private static Optional<String> served(String path, String query, Answer answer, Set<String> versions) {
        if (answer.status() != 200) {
            return Optional.of("status " + answer.status() + ": " + answer.headers() + " " + answer.body());
        }
        String version = answer.header("X-first").orElse("none");
        if (!answer.header("X-second").equals(Optional.of(version))) {
            return Optional.of("mixed: first " + version + ", second " + answer.header("X-second"));
        }
        if (!versions.contains(version)) {
            return Optional.of("on " + version + ", and only " + versions + " may be");
        }
        if (answer.header("X-stopped").isPresent()) {
            return Optional.of("ran after it was stopped: " + answer.headers());
        }
        String expected = StageBundles.answer(path, query, version);
        return answer.body().equals(expected)
                ? Optional.empty()
                : Optional.of("instead of \"" + head(expected) + "\" came \"" + head(answer.body()) + "\", "
                        + answer.body().length() + " of " + expected.length() + " characters");
    }

    private static String head(String text) {
        return text.lines().findFirst().orElse("");
    }
}

package dev.sluice.admin.rollback;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Form;
import dev.sluice.admin.http.Json;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.chain.Operator;
import dev.sluice.deployer.Deployments;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What an operator wants of one file, sent as a form: the deployer is asked in the operator's name, and waited for. */
public final class FileOrder {

    private record Done(String outcome, String message) {}

    private final Supplier<Optional<Deployments>> deployer;
    private final Duration patience;

    /**
     * Asks a deployer.
     *
     * @param deployer the deployer; empty while it is away
     * @param patience how long what was asked for is waited for before the answer says that it goes on
     */
    public FileOrder(Supplier<Optional<Deployments>> deployer, Duration patience) {
        this.deployer = deployer;
        this.patience = patience;
    }

    /**
     * What the deployer is asked.
     *
     * @param <T> what comes of it
     */
    @FunctionalInterface
    public interface Question<T> {
        /** {@return what comes of it; never exceptionally} */
        CompletableFuture<T> ask(Deployments deployments, String file);
    }

    /**
     * Does what a request asks for.
     *
     * @param request a request that has passed the login
     * @param question what the deployer is asked
     * @param answer says what came of it
     * @return the answer
     */
    public <T> Answer answer(HttpServletRequest request, Question<T> question, Function<T, Answer> answer) {
        return Form.refused(request, "field file").orElseGet(() -> ask(request, question, answer));
    }

    // The mark is there to be closed, not to be looked at.
    @SuppressWarnings("try")
    private <T> Answer ask(HttpServletRequest request, Question<T> question, Function<T, Answer> answer) {
        String file = request.getParameter("file");
        if (file == null) {
            return missing("Say which file, as GET /api/v1/status names it: file.");
        }
        Optional<Deployments> deployments = deployer.get();
        if (deployments.isEmpty()) {
            return Problem.of(
                            HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                            "The deployer is away",
                            "The deployer isn't there at the moment. Look at the bundle dev.sluice.deployer, and at the"
                                    + " log.")
                    .with("Retry-After", "1");
        }
        CompletableFuture<T> asked;
        try (Operator.Mark mark = Operator.mark(Login.USER)) {
            asked = question.ask(deployments.get(), file);
        }
        return await(asked, answer);
    }

    private <T> Answer await(CompletableFuture<T> asked, Function<T, Answer> answer) {
        try {
            return answer.apply(asked.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return done(
                    HttpServletResponse.SC_ACCEPTED,
                    "BEGUN",
                    "It goes on. GET /api/v1/status shows what becomes of it.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.of(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The container is stopping", "Ask again later.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the deployer never answers so", e);
        }
    }

    /** {@return an answer that tells of an outcome, and isn't a problem} */
    public static Answer done(int status, String outcome, String message) {
        return new Json(status, new Done(outcome, message));
    }

    static Answer missing(String what) {
        return Problem.of(HttpServletResponse.SC_BAD_REQUEST, "Fields are missing", what);
    }
}

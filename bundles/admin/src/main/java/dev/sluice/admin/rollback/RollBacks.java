package dev.sluice.admin.rollback;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Json;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.chain.Operator;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.RollBack;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * {@code POST /api/v1/rollback}, a form with file and to: earlier content in the place of what a file has; and {@code POST
 * /api/v1/rollforward}, a form with file: the file's own content again.
 */
public final class RollBacks {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int UNPROCESSABLE = 422;

    private record Done(String outcome, String message) {}

    private final Supplier<Optional<Deployments>> deployer;
    private final Duration patience;

    /**
     * Asks a deployer.
     *
     * @param deployer the deployer; empty while it is away
     * @param patience how long what was asked for is waited for before the answer says that it goes on
     */
    public RollBacks(Supplier<Optional<Deployments>> deployer, Duration patience) {
        this.deployer = deployer;
        this.patience = patience;
    }

    /**
     * Rolls a file back.
     *
     * @param request a request that has passed the login
     * @return what came of it
     */
    public Answer back(HttpServletRequest request) {
        return refused(request).orElseGet(() -> {
            String to = request.getParameter("to");
            return to == null
                    ? missing("Say which file, and to what: file, and to, a version or a sha256. The history of GET"
                            + " /api/v1/status has both.")
                    : ask(request, (deployments, file) -> deployments.rollBack(file, to.strip()));
        });
    }

    /**
     * Ends a roll back.
     *
     * @param request a request that has passed the login
     * @return what came of it
     */
    public Answer forward(HttpServletRequest request) {
        return refused(request).orElseGet(() -> ask(request, Deployments::rollForward));
    }

    private static Optional<Answer> refused(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return Optional.of(Problem.of(405, "Method not allowed", "Send a POST, with the field file.")
                    .with("Allow", "POST"));
        }
        String type = request.getContentType();
        boolean isForm = type != null
                && type.split(";", 2)[0].trim().toLowerCase(Locale.ROOT).equals(FORM);
        return isForm
                ? Optional.empty()
                : Optional.of(Problem.of(415, "Unsupported media type", "Send a form: " + FORM + "."));
    }

    @FunctionalInterface
    private interface Question {
        CompletableFuture<RollBack> ask(Deployments deployments, String file);
    }

    // The mark is there to be closed, not to be looked at.
    @SuppressWarnings("try")
    private Answer ask(HttpServletRequest request, Question question) {
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
        CompletableFuture<RollBack> asked;
        try (Operator.Mark mark = Operator.mark(Login.USER)) {
            asked = question.ask(deployments.get(), file);
        }
        return answer(asked);
    }

    private Answer answer(CompletableFuture<RollBack> asked) {
        try {
            return answer(asked.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new Json(
                    HttpServletResponse.SC_ACCEPTED,
                    new Done("BEGUN", "It goes on. GET /api/v1/status shows what becomes of it."));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.of(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The container is stopping", "Ask again later.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("the deployer never answers so", e);
        }
    }

    private static Answer answer(RollBack rollBack) {
        int status =
                switch (rollBack.outcome()) {
                    case ROLLED_BACK, ROLLED_FORWARD, ALREADY -> HttpServletResponse.SC_OK;
                    case UNKNOWN -> HttpServletResponse.SC_NOT_FOUND;
                    case NOT_KEPT -> HttpServletResponse.SC_GONE;
                    case REFUSED -> HttpServletResponse.SC_CONFLICT;
                    case FAILED -> UNPROCESSABLE;
                };
        return rollBack.isDone()
                ? new Json(status, new Done(rollBack.outcome().name(), rollBack.message()))
                : Problem.of(status, rollBack.outcome().name(), rollBack.message());
    }

    private static Answer missing(String what) {
        return Problem.of(HttpServletResponse.SC_BAD_REQUEST, "Fields are missing", what);
    }
}

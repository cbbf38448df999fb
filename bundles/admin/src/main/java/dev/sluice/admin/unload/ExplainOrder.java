package dev.sluice.admin.unload;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Form;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.unload.Explain;
import dev.sluice.unload.Explanation;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/v1/unload/explain}: what holds a version that has leaked. Takes a form with number, and keep if the heap dump is to
 * stay. The answer comes when it is found out, which may take minutes; no thread waits for it.
 */
public final class ExplainOrder {

    private static final Logger LOG = LoggerFactory.getLogger(ExplainOrder.class);

    private final Supplier<Optional<Explain>> explain;

    /**
     * Takes orders.
     *
     * @param explain who explains; empty while it is away
     */
    public ExplainOrder(Supplier<Optional<Explain>> explain) {
        this.explain = explain;
    }

    /**
     * Does what a request asks for.
     *
     * @param request a request that has passed the login
     * @return what came of it, or will
     */
    public Answer answer(HttpServletRequest request) {
        return Form.refused(request, "field number, and keep if need be").orElseGet(() -> ask(request));
    }

    private Answer ask(HttpServletRequest request) {
        String number = request.getParameter("number");
        String keep = request.getParameter("keep");
        boolean isOrder = number != null
                && number.matches("\\d{1,18}")
                && (keep == null || keep.equals("true") || keep.equals("false"));
        if (!isOrder) {
            return Problem.of(
                    HttpServletResponse.SC_BAD_REQUEST,
                    "Fields are missing or wrong",
                    "Say which unload: number, as GET /api/v1/status gives it among its unloads; and keep=true if the heap"
                            + " dump is to stay.");
        }
        return explain.get()
                .map(service -> later(service, Long.parseLong(number), "true".equals(keep)))
                .orElseGet(ExplainOrder::away);
    }

    private static Answer later(Explain service, long number, boolean keep) {
        LOG.info("{} asked what holds unload {}", Login.USER, number);
        CompletableFuture<Explanation> asked = service.explain(number, keep);
        return (request, response) -> {
            AsyncContext context = request.startAsync(request, response);
            // The explanation has a deadline of its own.
            context.setTimeout(0);
            asked.whenComplete((explanation, never) -> {
                try {
                    ExplanationAnswer.of(number, explanation).write(request, response);
                } catch (IOException | RuntimeException e) {
                    LOG.info("Nobody waits any more for what holds unload {}: {}", number, e.getMessage());
                } finally {
                    context.complete();
                }
            });
        };
    }

    private static Answer away() {
        return Problem.of(
                        HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                        "Nobody is there who explains",
                        "Look at the bundle dev.sluice.unload, and at the log.")
                .with("Retry-After", "1");
    }
}

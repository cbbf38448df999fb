package dev.sluice.admin.rollout;

import dev.sluice.admin.http.Answer;
import dev.sluice.admin.http.Problem;
import dev.sluice.admin.login.Login;
import dev.sluice.admin.rollback.FileOrder;
import dev.sluice.deployer.Deployments;
import dev.sluice.deployer.RolloutOrder;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/v1/rollout/pause}, {@code resume}, {@code promote} and {@code abort}: each a form with file. */
public final class RolloutOrders {

    private static final Logger LOG = LoggerFactory.getLogger(RolloutOrders.class);

    private final FileOrder order;

    /**
     * Takes orders.
     *
     * @param order by which the deployer is asked
     */
    public RolloutOrders(FileOrder order) {
        this.order = order;
    }

    /** {@return what came of the wish that a rollout doesn't go on} */
    public Answer pause(HttpServletRequest request) {
        return answer(request, "pause", Deployments::pause);
    }

    /** {@return what came of the wish that a rollout goes on} */
    public Answer resume(HttpServletRequest request) {
        return answer(request, "resume", Deployments::resume);
    }

    /** {@return what came of the wish that the new version gets all requests, or stays} */
    public Answer promote(HttpServletRequest request) {
        return answer(request, "promote", Deployments::promote);
    }

    /** {@return what came of the wish that the new version is taken back} */
    public Answer abort(HttpServletRequest request) {
        return answer(request, "abort", Deployments::abort);
    }

    private Answer answer(HttpServletRequest request, String what, FileOrder.Question<RolloutOrder> question) {
        return order.answer(
                request,
                (deployments, file) -> told(what, file, question.ask(deployments, file)),
                RolloutOrders::answer);
    }

    /** Told also if nobody waits for it any more. */
    private static CompletableFuture<RolloutOrder> told(
            String what, String file, CompletableFuture<RolloutOrder> asked) {
        return asked.whenComplete((order, never) -> {
            // Of what was carried out, or will be, the file is known to the deployer: it can't forge a line of the log.
            if (order != null && isTaken(order)) {
                LOG.info("operator {} asked to {} the rollout of {}: {}", Login.USER, what, file, order.message());
            }
        });
    }

    private static boolean isTaken(RolloutOrder order) {
        return switch (order.outcome()) {
            case DONE, DELAYED -> true;
            case UNKNOWN, REFUSED -> false;
        };
    }

    private static Answer answer(RolloutOrder order) {
        int status =
                switch (order.outcome()) {
                    case DONE -> HttpServletResponse.SC_OK;
                    // No problem that asks for another try: that would be a second order, and it is tried again anyway.
                    case DELAYED -> HttpServletResponse.SC_ACCEPTED;
                    case UNKNOWN -> HttpServletResponse.SC_NOT_FOUND;
                    case REFUSED -> HttpServletResponse.SC_CONFLICT;
                };
        return isTaken(order)
                ? FileOrder.done(status, order.outcome().name(), order.message())
                : Problem.of(status, order.outcome().name(), order.message());
    }
}
